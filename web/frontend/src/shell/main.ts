/** What every desktop page can do: say that a form is on its way, take along what another says, follow what is being worked out, and be left. */
import "./shell.css";
import { takeAlong } from "./along";
import { sayWhenBusy } from "./busy";
import { follow } from "./follow";
import { signOutWithCare } from "./sign_out";

sayWhenBusy();
signOutWithCare();
takeAlong();
void follow();
