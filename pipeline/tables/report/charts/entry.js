export {plot, barX, barY, rectY, lineY, dot, dotX, ruleX, ruleY, text, textX, geo, sphere, graticule, cell, areaY, link, tip, pointer, pointerX, axisX, axisY, gridX, line, tickX} from "@observablehq/plot";
export {forceSimulation, forceLink, forceManyBody, forceCenter, forceCollide, forceX, forceY, format, utcFormat, scaleSqrt, scaleLinear, scaleUtc, extent, max, min, line as path, area, curveMonotoneX, create, geoPath, geoEqualEarth} from "d3";
export {sankey, sankeyLinkHorizontal, sankeyJustify, sankeyLeft} from "d3-sankey";
export {feature, mesh} from "topojson-client";
