// An ECS service behind a load balancer, its database, one page an incident, and a dashboard.

import * as watch from "django-ecs-monitoring";

const alerts = new watch.AlertRouting("alerts", {
  severities: ["critical", "warning"],
  emails: { critical: ["oncall@example.com"], warning: ["team@example.com"] },
  paging: "incident",
});
const routing = alerts.routing;

const rds = new watch.RdsMonitoring("rds", {
  targets: {
    main: {
      instance: "shop-db",
      engine: "postgres",
      instanceClass: "db.t4g.small",
      allocatedStorageGib: 100,
    },
  },
  routing,
});
const ecs = new watch.EcsMonitoring("ecs", {
  targets: {
    web: { cluster: "shop", service: "shop-web", containerInsights: true, minRunningTasks: 2 },
  },
  overrides: { "ecs.cpu-high": { threshold: 85, evaluationPeriods: 3 } },
  routing,
});
const alb = new watch.AlbMonitoring("alb", {
  targets: {
    main: {
      loadBalancer: "app/shop/1234567890abcdef",
      targetGroups: { web: "targetgroup/shop-web/0123456789abcdef" },
    },
  },
  routing,
});

const kinds = [alb, ecs, rds];
const incidents = new watch.IncidentPaging("incidents", {
  incidents: kinds.map((kind) => kind.incidents),
  alarms: kinds.map((kind) => kind.alarms),
  routing,
});
const dashboard = new watch.Dashboard("dashboard", {
  graphs: kinds.map((kind) => kind.graphs),
  alarms: kinds.map((kind) => kind.alarms),
});

export const alarms = ecs.alarms;
export const pages = incidents.composites;
export const dashboardUrl = dashboard.url;
