// The technician's day on a phone: entry of the phone page.
import "../shared/tokens.css";
