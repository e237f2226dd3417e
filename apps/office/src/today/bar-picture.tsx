import { languageTag, useLocale, usePick, useScheme } from '@zhanggui/ui';
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type CSSProperties, useRef } from 'react';
import { useT } from '../texts.ts';
import { useChartEffect } from './chart-effect.ts';
import classes from './bar-picture.module.css';
import type { ReportPicture } from './today-view.ts';

echarts.use([BarChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);

type Words = {
  thisDay: string;
  thatDay: string;
  nameOf: (row: ReportPicture['rows'][number]) => string;
  language: string;
};
type Colours = Record<'action' | 'quiet' | 'line' | 'ink' | 'faint' | 'surface', string>;
type Sizes = Record<'bar' | 'note' | 'table' | 'gap' | 'wide' | 'legend' | 'radius', number>;

const coloursNow = (): Colours => {
  const style = getComputedStyle(document.documentElement);
  const role = (name: string) => style.getPropertyValue(name).trim();
  return {
    action: role('--zg-action'),
    quiet: role('--zg-action-line'),
    line: role('--zg-line'),
    ink: role('--zg-ink'),
    faint: role('--zg-ink-faint'),
    surface: role('--zg-surface'),
  };
};

/** Lengths of the tokens in CSS pixels: the chart is drawn by a library that reads numbers. */
const sizesNow = (): Sizes => {
  const style = getComputedStyle(document.documentElement);
  const length = (name: string) => Number.parseFloat(style.getPropertyValue(name));
  return {
    bar: length('--zg-chart-bar'),
    note: length('--zg-type-note'),
    table: length('--zg-type-table'),
    gap: length('--zg-space-2'),
    wide: length('--zg-target-tile'),
    legend: length('--zg-space-8'),
    radius: length('--zg-edge'),
  };
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Short axis figures in the reader's own steps: 1.2万 in Chinese, 12K in English. */
const axisText = (language: string) => {
  const format = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  return (value: number) => format.format(value);
};

type Look = { words: Words; colours: Colours; sizes: Sizes };

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

const seriesOf = (picture: ReportPicture, { words, colours, sizes }: Look) => {
  const bar = { type: 'bar' as const, barMaxWidth: sizes.bar, barGap: 0 };
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
      formatter: ({ dataIndex }: { dataIndex: number }) => picture.rows[dataIndex]?.amount ?? '',
    },
  };
  // Upright, time runs from left to right, so last week stands left; lying, this day is read first.
  return picture.upright ? [lastWeek, thisDay] : [thisDay, lastWeek];
};

const optionOf = (picture: ReportPicture, look: Look) => {
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
    textStyle: { fontFamily: 'inherit' },
    grid: {
      left: sizes.gap,
      right: picture.upright ? sizes.gap : sizes.wide,
      top: sizes.legend,
      bottom: 0,
      containLabel: true,
    },
    legend: {
      top: 0,
      right: 0,
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

/** This day beside the same weekday last week; bars begin at nought, exact amounts stand in the tooltip and the table. */
export const BarPicture = ({ picture }: { picture: ReportPicture }) => {
  const frame = useRef<HTMLDivElement>(null);
  const t = useT();
  const pick = usePick();
  const { locale } = useLocale();
  const { scheme } = useScheme();
  const words: Words = {
    thisDay: t('today.thisDay'),
    thatDay: t('today.thatDay'),
    nameOf: (row) => pick(row.name),
    language: languageTag[locale],
  };
  const option = () => optionOf(picture, { words, colours: coloursNow(), sizes: sizesNow() });
  useChartEffect(frame, option, `${picture.key} ${locale} ${scheme}`, picture);
  return (
    <div
      ref={frame}
      className={classes.frame}
      data-upright={picture.upright || undefined}
      style={{ '--rows': picture.rows.length } as CSSProperties}
      data-testid={`picture-${picture.key}`}
    />
  );
};
