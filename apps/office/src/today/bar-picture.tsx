import { languageTag, useLocale, usePick, useScheme } from '@zhanggui/ui';
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useRef } from 'react';
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

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Short axis figures in the reader's own steps: 1.2万 in Chinese, 12K in English. */
const axisText = (language: string) => {
  const format = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  return (value: number) => format.format(value);
};

const optionOf = (picture: ReportPicture, words: Words, colours: Colours) => {
  const rows = picture.upright ? picture.rows : [...picture.rows].reverse();
  const names = {
    type: 'category' as const,
    data: rows.map(words.nameOf),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.ink, width: 110, overflow: 'truncate' as const },
  };
  const values = {
    type: 'value' as const,
    min: 0,
    splitNumber: 4,
    splitLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.faint, formatter: axisText(words.language) },
  };
  const tooltip = (items: readonly { dataIndex: number }[]): string => {
    const row = rows[items[0]?.dataIndex ?? 0];
    return row
      ? `<b>${escaped(words.nameOf(row))}</b><br>${words.thisDay} ¥${row.amount}<br>${words.thatDay} ¥${row.lastWeek}`
      : '';
  };
  const series = [
    {
      name: words.thatDay,
      type: 'bar' as const,
      data: rows.map((row) => row.lastWeekHeight),
      itemStyle: { color: colours.quiet, borderRadius: 2 },
      barMaxWidth: 14,
    },
    {
      name: words.thisDay,
      type: 'bar' as const,
      data: rows.map((row) => row.height),
      itemStyle: { color: colours.action, borderRadius: 2 },
      barMaxWidth: 14,
    },
  ];
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: 'inherit' },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    legend: {
      top: 0,
      right: 0,
      itemWidth: 12,
      itemHeight: 8,
      textStyle: { color: colours.ink },
      data: [words.thisDay, words.thatDay],
    },
    tooltip: {
      trigger: 'axis' as const,
      axisPointer: { type: 'shadow' as const },
      backgroundColor: colours.surface,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
      formatter: tooltip as never,
    },
    xAxis: picture.upright ? names : values,
    yAxis: picture.upright ? values : names,
    series: picture.upright ? series : [...series],
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
  useChartEffect(frame, () => optionOf(picture, words, coloursNow()), `${picture.key} ${locale} ${scheme}`, picture);
  const rows = picture.rows.length;
  return (
    <div
      ref={frame}
      className={classes.frame}
      data-upright={picture.upright || undefined}
      data-many={rows > 6 || undefined}
      data-testid={`picture-${picture.key}`}
    />
  );
};
