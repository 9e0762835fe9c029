#include "deploy/program/measures.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "connectors/metrics/metrics.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

double Seconds(absl::Duration duration) { return std::max(0.0, absl::ToDoubleSeconds(duration)); }

void AddShard(const std::string& index, const Shard& shard, absl::Time now, Scrape& scrape) {
  const Scrape::Labels of = {{"shard", index}};
  const Fold& fold = shard.fold();
  const store::v1::Counts& counts = fold.counts();
  const auto records = [&](const char* kind, uint64_t count) {
    scrape.Counter("dolen_records_total", "Ledger records folded, by what became of them.",
                   static_cast<double>(count), {{"shard", index}, {"kind", kind}});
  };
  records("event", counts.events());
  records("duplicate", counts.duplicates());
  records("conflict", counts.conflicts());
  records("tick", counts.ticks());
  records("action", counts.actions());
  records("other", counts.books() + counts.facts());
  scrape.Gauge("dolen_subjects_waiting", "Children and agencies that wait for a time.",
               static_cast<double>(fold.waiting()), of);
  const bool is_due = fold.first_due() <= now;
  scrape.Gauge("dolen_oldest_due_seconds",
               "Since when somebody is due whom no tick has drained; 0: nobody is.",
               is_due ? Seconds(now - fold.first_due()) : 0, of);
  scrape.Gauge("dolen_alerts_waiting", "Changes of alerts that are not on the topic yet.",
               static_cast<double>(shard.waiting_alerts()), of);
  const bool waits = shard.waiting_alerts() > 0;
  scrape.Gauge("dolen_alerts_waiting_seconds", "Since when the first of them waits; 0: none does.",
               waits ? Seconds(now - shard.alerts_wait_since()) : 0, of);
  scrape.Gauge("dolen_changes_held", "Changes of alerts held back since the fold revision changed.",
               static_cast<double>(fold.held()), of);
  scrape.Gauge(
      "dolen_breaches_untold",
      "Steps that were done or cancelled late before anybody was told that they were late.",
      static_cast<double>(fold.untold()), of);
  scrape.Gauge("dolen_time_reached_seconds", "Time reached, seconds since 1970.",
               absl::ToDoubleSeconds(fold.reached() - absl::UnixEpoch()), of);
}

void AddIntake(Engine& engine, Scrape& scrape) {
  const PumpResult totals = engine.intake_totals();
  scrape.Gauge("dolen_intake_lag_records", "Messages in intake that are not admitted yet.",
               static_cast<double>(engine.intake_lag()));
  scrape.Counter("dolen_intake_total", "Messages admitted or quarantined since the start.",
                 static_cast<double>(totals.admitted), {{"result", "admitted"}});
  scrape.Counter("dolen_intake_total", "", static_cast<double>(totals.quarantined),
                 {{"result", "quarantined"}});
}

void AddClock(GuardedClock& clock, Scrape& scrape) {
  scrape.Gauge("dolen_clock_trusted",
               "1: ticks may be written; 0: an operator must confirm the time.",
               clock.Trusted() ? 1 : 0);
  scrape.Gauge("dolen_clock_parted_seconds",
               "How far the wall clock has moved away from boot time since the start.",
               absl::ToDoubleSeconds(clock.Parted()));
}

void AddNotifier(const NotifierStatus& status, absl::Time now, Scrape& scrape) {
  scrape.Gauge("dolen_notifier_reads", "1: the notifier reads the alerts topic and remembers.",
               status.reading.ok() ? 1 : 0);
  scrape.Gauge("dolen_notifier_lag_records", "Records of the alerts topic it has not taken yet.",
               static_cast<double>(status.lag));
  scrape.Gauge("dolen_alerts_unrouted", "Open alerts for a team to which no route leads.",
               static_cast<double>(status.unrouted));
  for (const DestinationStatus& one : status.destinations) {
    const Scrape::Labels of = {{"destination", one.name}};
    scrape.Gauge("dolen_destination_waiting", "Alerts with a change that is to be told.",
                 static_cast<double>(one.waiting), of);
    const bool waits = one.oldest != absl::InfiniteFuture();
    scrape.Gauge("dolen_destination_waiting_seconds", "Since when the first of them waits.",
                 waits ? Seconds(now - one.oldest) : 0, of);
    scrape.Gauge("dolen_destination_undelivered", "Alerts that it was given up on.",
                 static_cast<double>(one.dead), of);
    scrape.Gauge("dolen_destination_failing", "1: it does not take what it is sent; tried again.",
                 one.breaker_open ? 1 : 0, of);
    scrape.Counter("dolen_destination_taken_total", "Messages that it took since the start.",
                   static_cast<double>(one.taken), of);
    scrape.Counter("dolen_destination_failed_total", "Attempts that failed since the start.",
                   static_cast<double>(one.failed), of);
  }
}

}  // namespace

absl::StatusOr<std::string> MeasuresOf(Service& service) {
  Engine& engine = service.engine();
  Scrape scrape;
  scrape.Gauge("dolen_speaks", "1: every shard tells what it folds.", engine.speaks() ? 1 : 0);
  const absl::Time now = engine.clock().Now();
  for (size_t i = 0; i < engine.shards(); ++i) {
    engine.WithShard(i, [&](Shard& shard) {
      AddShard(absl::StrCat(i), shard, now, scrape);
      return 0;
    });
  }
  scrape.Add("dolen_alert_lateness_seconds",
             "From when a deadline was due, and known to be, until it was on the alerts topic.",
             engine.lateness());
  AddIntake(engine, scrape);
  AddClock(engine.clock(), scrape);
  DOLEN_ASSIGN_OR_RETURN(const int64_t quarantined, service.OpenQuarantine());
  scrape.Gauge("dolen_quarantine_open", "Values that wait in quarantine for a decision.",
               static_cast<double>(quarantined));
  if (service.notifier() != nullptr) AddNotifier(service.notifier()->Status(), now, scrape);
  for (const auto& [code, unused] : engine.alarms().List()) {
    scrape.Gauge("dolen_alarm", "An alarm stands; dolen doctor says what to do.", 1,
                 {{"code", code}});
  }
  return scrape.Text();
}

}  // namespace dolen
