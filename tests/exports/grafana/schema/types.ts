// Grafana's own types, as plain JSON has their values: enums are their strings.
import type { Dashboard } from '@grafana/schema';
import type {
  CloudWatchLogsQuery,
  CloudWatchMetricsQuery,
} from '@grafana/schema/dist/esm/raw/composable/cloudwatch/dataquery/x/CloudWatchDataQuery_types.gen';
import type {
  FieldConfig,
  Options,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

type Json<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends (infer Item)[]
      ? Json<Item>[]
      : { [Key in keyof T]: Json<T[Key]> };

export type WrittenDashboard = Json<Dashboard>;
export type Metrics = Json<CloudWatchMetricsQuery>;
export type Logs = Json<CloudWatchLogsQuery>;
export type TimeSeriesOptions = Json<Options>;
export type TimeSeriesFields = Json<FieldConfig>;
