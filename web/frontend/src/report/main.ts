// The manager's utilization page: entry of the report page.
import "../shared/tokens.css";
