import type { ReportPicture } from './today-view.ts';

/** Everything the drawing says and wears, read from the page when it is drawn. */
export type Words = {
  thisDay: string;
  thatDay: string;
  nameOf: (row: ReportPicture['rows'][number]) => string;
  language: string;
  font: string;
};
export type Colours = Record<'action' | 'quiet' | 'line' | 'ink' | 'faint' | 'surface', string>;
export type Sizes = Record<'bar' | 'lyingBar' | 'note' | 'table' | 'gap' | 'wide' | 'legend' | 'radius', number>;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Short axis figures in the reader's own steps: 1.2万 in Chinese, 12K in English. */
const axisText = (language: string) => {
  const format = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  return (value: number) => format.format(value);
};

export type Look = { words: Words; colours: Colours; sizes: Sizes };

/** Hours stand upright over a time axis; names lie, each bar with its exact amount at its end instead of an axis of figures. */
const axesOf = (picture: ReportPicture, { words, colours, sizes }: Look) => {
  const names = {
    type: 'category' as const,
    data: picture.rows.map(words.nameOf),
    inverse: !picture.upright,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: {
      color: colours.ink,
      fontSize: sizes.note,
      hideOverlap: true,
      interval: picture.upright ? 'auto' : 0,
      ...(picture.upright ? {} : { width: sizes.wide, overflow: 'break' as const }),
    },
  };
  const values = {
    type: 'value' as const,
    min: 0,
    splitNumber: 4,
    splitLine: { show: picture.upright, lineStyle: { color: colours.line } },
    axisLabel: {
      show: picture.upright,
      color: colours.faint,
      fontSize: sizes.note,
      formatter: axisText(words.language),
    },
  };
  return picture.upright ? { xAxis: names, yAxis: values } : { xAxis: values, yAxis: names };
};

/** Nothing sold has no bar and needs no figure beside it. */
export const barLabel = (row: ReportPicture['rows'][number] | undefined): string =>
  row === undefined || row.height === 0 ? '' : row.amount;

const seriesOf = (picture: ReportPicture, { words, colours, sizes }: Look) => {
  const bar = { type: 'bar' as const, barMaxWidth: picture.upright ? sizes.bar : sizes.lyingBar, barGap: '20%' };
  const lastWeek = {
    ...bar,
    name: words.thatDay,
    data: picture.rows.map((row) => row.lastWeekHeight),
    itemStyle: { color: colours.quiet, borderRadius: sizes.radius },
  };
  const thisDay = {
    ...bar,
    name: words.thisDay,
    data: picture.rows.map((row) => row.height),
    itemStyle: { color: colours.action, borderRadius: sizes.radius },
    label: {
      show: !picture.upright,
      position: 'right' as const,
      fontSize: sizes.note,
      color: colours.ink,
      formatter: ({ dataIndex }: { dataIndex: number }) => barLabel(picture.rows[dataIndex]),
    },
  };
  // Upright, time runs from left to right, so last week stands left; lying, this day is read first.
  return picture.upright ? [lastWeek, thisDay] : [thisDay, lastWeek];
};

/** The picture as the chart library takes it. Bars begin at nought; the tooltip has the exact amounts. */
export const optionOf = (picture: ReportPicture, look: Look) => {
  const { words, colours, sizes } = look;
  const tooltip = (items: readonly { dataIndex: number }[]): string => {
    const row = picture.rows[items[0]?.dataIndex ?? 0];
    return row
      ? `<b>${escaped(words.nameOf(row))}</b><br>${words.thisDay} ¥${row.amount}<br>${words.thatDay} ¥${row.lastWeek}`
      : '';
  };
  return {
    animation: false,
    aria: { enabled: true },
    // Named, because labels are measured where nothing is inherited.
    textStyle: { fontFamily: words.font },
    grid: {
      left: sizes.gap,
      right: picture.upright ? sizes.gap : sizes.wide,
      top: sizes.legend,
      bottom: 0,
      containLabel: true,
    },
    legend: {
      top: 0,
      right: sizes.gap,
      itemGap: sizes.note,
      itemWidth: sizes.note,
      itemHeight: sizes.gap,
      textStyle: { color: colours.ink, fontSize: sizes.note },
      data: [words.thisDay, words.thatDay],
    },
    tooltip: {
      trigger: 'axis' as const,
      confine: true,
      axisPointer: { type: 'shadow' as const },
      backgroundColor: colours.surface,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontSize: sizes.table },
      formatter: tooltip as never,
    },
    ...axesOf(picture, look),
    series: seriesOf(picture, look),
  };
};
