//! The only place that lists the rooms: routes, registry, the job loop.
