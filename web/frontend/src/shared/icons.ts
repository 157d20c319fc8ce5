/* The icons the pages use, from Tabler's set; only those named here reach the bundle. */
import again from "@tabler/icons/outline/repeat.svg?raw";
import alert from "@tabler/icons/outline/alert-triangle.svg?raw";
import arrowLeft from "@tabler/icons/outline/arrow-left.svg?raw";
import calendar from "@tabler/icons/outline/calendar.svg?raw";
import calendarOff from "@tabler/icons/outline/calendar-off.svg?raw";
import camera from "@tabler/icons/outline/camera.svg?raw";
import car from "@tabler/icons/outline/car.svg?raw";
import check from "@tabler/icons/outline/check.svg?raw";
import chevronLeft from "@tabler/icons/outline/chevron-left.svg?raw";
import chevronRight from "@tabler/icons/outline/chevron-right.svg?raw";
import clock from "@tabler/icons/outline/clock.svg?raw";
import close from "@tabler/icons/outline/x.svg?raw";
import cloudOff from "@tabler/icons/outline/cloud-off.svg?raw";
import coffee from "@tabler/icons/outline/coffee.svg?raw";
import door from "@tabler/icons/outline/door-off.svg?raw";
import home from "@tabler/icons/outline/home.svg?raw";
import hourglass from "@tabler/icons/outline/hourglass.svg?raw";
import info from "@tabler/icons/outline/info-circle.svg?raw";
import minus from "@tabler/icons/outline/minus.svg?raw";
import navigate from "@tabler/icons/outline/navigation.svg?raw";
import note from "@tabler/icons/outline/note.svg?raw";
import parts from "@tabler/icons/outline/package.svg?raw";
import phone from "@tabler/icons/outline/phone.svg?raw";
import pin from "@tabler/icons/outline/map-pin.svg?raw";
import plus from "@tabler/icons/outline/plus.svg?raw";
import pushpin from "@tabler/icons/outline/pin.svg?raw";
import search from "@tabler/icons/outline/search.svg?raw";
import send from "@tabler/icons/outline/send.svg?raw";
import skill from "@tabler/icons/outline/bolt.svg?raw";
import table from "@tabler/icons/outline/table.svg?raw";
import timeline from "@tabler/icons/outline/timeline.svg?raw";
import tool from "@tabler/icons/outline/tool.svg?raw";
import wand from "@tabler/icons/outline/wand.svg?raw";

const SOURCES = {
  again, alert, arrowLeft, calendar, calendarOff, camera, car, check, chevronLeft, chevronRight, clock, close,
  cloudOff, coffee, door, home, hourglass, info, minus, navigate, note, parts, phone, pin, plus, pushpin, search,
  send, skill, table, timeline, tool, wand,
};

export type IconName = keyof typeof SOURCES;

const parsed = new Map<IconName, Element>();

/** A fresh copy of the icon, hidden from screen readers: the text beside it says the same. */
export function icon(name: IconName): Element {
  let original = parsed.get(name);
  if (!original) {
    original = new DOMParser().parseFromString(SOURCES[name], "image/svg+xml").documentElement;
    original.setAttribute("class", "fs-glyph");
    original.setAttribute("aria-hidden", "true");
    original.removeAttribute("width");
    original.removeAttribute("height");
    parsed.set(name, original);
  }
  return original.cloneNode(true) as Element;
}
