// The dispatcher's board: entry of the console page.
import "leaflet/dist/leaflet.css";
