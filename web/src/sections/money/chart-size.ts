/** Pixels: known before the chart's code is there, so that nothing moves when it comes. */
export const CHART_HEIGHT = 260;
