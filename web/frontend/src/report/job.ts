/* A job's page: entry of what its script adds, which is why the job is with its technician. */
import { whyHere } from "../shared/why_here";

const place = document.getElementById("why-here");
if (place) place.append(whyHere(Number(place.dataset["job"])));
