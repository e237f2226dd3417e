import * as echarts from 'echarts/core';
import { type RefObject, useEffect } from 'react';

/** A chart is drawn outside React: it is made with its frame, redrawn when what it shows changes, and follows the frame's width. */
export const useChartEffect = (
  frame: RefObject<HTMLDivElement | null>,
  option: () => echarts.EChartsCoreOption,
  look: string,
  shown: unknown,
): void => {
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const chart = echarts.init(element, undefined, { renderer: 'svg' });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [frame]);
  useEffect(() => {
    const element = frame.current;
    if (element) echarts.getInstanceByDom(element)?.setOption(option(), { notMerge: true });
    // The option is made anew at every render; `look` and `shown` say when it differs.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [look, shown]);
};
