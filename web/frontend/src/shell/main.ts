/** What every desktop page can do: say that a form is on its way, and follow what is being worked out. */
import "./shell.css";
import { sayWhenBusy } from "./busy";
import { follow } from "./follow";

sayWhenBusy();
void follow();
