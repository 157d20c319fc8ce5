/* The manager's utilization page: entry of the report page. Draws the chart that the server has described. */
import embed, { type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import { byId } from "../shared/dom";
import "./report.css";

/** Vega compiles expressions with `Function`, which the content security policy forbids: it interprets them instead. */
async function drawChart(place: HTMLElement): Promise<void> {
  const spec = JSON.parse(byId("chart-spec", HTMLScriptElement).textContent ?? "") as VisualizationSpec;
  await embed(place, spec, {
    mode: "vega-lite",
    ast: true,
    expr: expressionInterpreter,
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  });
}

const place = document.getElementById("chart");
if (place) {
  drawChart(place).catch((error: unknown) => {
    place.textContent = "The chart could not be drawn. The table below has the same figures.";
    throw error;
  });
}
