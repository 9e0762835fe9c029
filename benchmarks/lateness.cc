// How late a deadline is told: from the instant at which it falls due until its alert can be read
// from the alerts topic, in real time, by the engine as it serves. Idle or under load, with many
// other clocks pending, or with many deadlines in the same second. Prints one JSON object.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "benchmarks/workload.h"
#include "deploy/program/engine.h"
#include "deploy/program/progress.h"
#include "engine/base/check.h"
#include "engine/base/status.h"
#include "engine/base/time.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

// The workload's rule: unanswered after 24 hours, it is overdue.
constexpr absl::Duration kAllowed = absl::Hours(24);
constexpr int kBatch = 2000;

struct Flags {
  std::string kafka;
  int32_t partitions = 1;
  int64_t pending = 1000000;  // clocks that fall due in 23 hours
  int64_t deadlines = 2000;
  double seconds = 20;  // over which the deadlines are spread; 0: all at one instant
  double ingest = 0;    // events a second that come in meanwhile
};

event::v1::Event Begun(const std::string& id, absl::Time due) {
  event::v1::Event event;
  event.set_contract(1);
  event::v1::Open& open = *event.mutable_open();
  open.set_agency(Workload::AgencyName(0));
  open.set_event_id(id);
  *open.mutable_occurred()->mutable_instant() = ToTimestamp(due - kAllowed);
  open.set_kind(event::v1::KIND_REFERRAL_MADE);
  open.set_to_agency(Workload::AgencyName(1));
  open.mutable_matter()->set_agency(open.agency());
  open.mutable_matter()->set_id(id);
  event::v1::Identifier& child = *event.mutable_private_()->add_child();
  child.set_issuer("bench");
  child.set_value(id);
  event.mutable_private_()->set_text("Made for a benchmark; nobody is meant.");
  return event;
}

absl::Status Admit(Engine& engine, const std::vector<std::string>& values) {
  const std::string agency = Workload::AgencyName(0);
  for (size_t from = 0; from < values.size(); from += kBatch) {
    std::vector<Received> batch;
    for (size_t i = from; i < std::min(values.size(), from + kBatch); ++i) {
      Received received;
      received.agency = agency;
      received.intake = {"bench", 0, static_cast<int64_t>(i)};
      received.value = values[i];
      batch.push_back(received);
    }
    DOLEN_ASSIGN_OR_RETURN(
        const std::vector<Outcome> outcomes,
        engine.WithAdmitter([&](Admitter& admitter) { return admitter.Admit(batch); }));
    for (const Outcome& outcome : outcomes) {
      if (outcome.rejection) return absl::InternalError(outcome.rejection->sentence);
    }
  }
  return absl::OkStatus();
}

// Reads one partition of the alerts topic as it grows, and notes how late each deadline was told.
class Listener {
 public:
  Listener(Log* log, TopicPartition from, absl::Time since)
      : log_(log), from_(std::move(from)), since_(since), thread_([this] { Run(); }) {}
  ~Listener() { Stop(); }
  void Stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int64_t count() const { return count_; }
  // After Stop.
  const std::vector<double>& milliseconds() const { return milliseconds_; }
  absl::Time last() const { return last_; }

 private:
  void Run() {
    const auto bounds = log_->BoundsOf(from_);
    DOLEN_CHECK(bounds.ok());
    auto reader = log_->Read(from_, bounds->end, Holes::kAllowed);
    DOLEN_CHECK(reader.ok());
    alert::v1::Alert alert;
    while (!stopping_) {
      const auto entries = (*reader)->Read(kBatch, absl::Milliseconds(20));
      if (!entries.ok()) continue;
      const absl::Time now = absl::Now();
      for (const Entry& entry : *entries) {
        if (!alert.ParseFromArray(entry.value.data(), static_cast<int>(entry.value.size())))
          continue;
        const absl::Time due = FromTimestamp(alert.due());
        if (alert.state() != alert::v1::STATE_RAISED || due < since_) continue;
        milliseconds_.push_back(absl::ToDoubleMilliseconds(now - due));
        last_ = now;
        ++count_;
      }
    }
  }

  Log* const log_;
  const TopicPartition from_;
  const absl::Time since_;
  std::vector<double> milliseconds_;
  absl::Time last_ = absl::InfinitePast();
  std::atomic<int64_t> count_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// Appends other events to an agency's intake, so many a second, whatever becomes of them.
void Ingest(Engine& engine, double a_second, const std::atomic<bool>& stopping,
            std::atomic<int64_t>& sent) {
  auto appender = engine.installation().log().OpenAppender();
  DOLEN_CHECK(appender.ok());
  const TopicPartition to{engine.installation().names().Intake(Workload::AgencyName(0)), 0};
  const absl::Time begun = absl::Now();
  const absl::Time far = begun + absl::Hours(23);
  while (!stopping) {
    const int64_t owed =
        static_cast<int64_t>(absl::ToDoubleSeconds(absl::Now() - begun) * a_second) - sent;
    for (int64_t i = 0; i < owed; ++i, ++sent) {
      const std::string id = absl::StrCat("load-", sent.load());
      DOLEN_CHECK((*appender)->Append(to, "", Begun(id, far).SerializeAsString()).ok());
    }
    DOLEN_CHECK((*appender)->Flush().ok());
    absl::SleepFor(absl::Milliseconds(5));
  }
}

double Share(const std::vector<double>& sorted, double share) {
  return sorted.empty() ? 0 : sorted[static_cast<size_t>(share * double(sorted.size() - 1))];
}

absl::Status Prepare(Engine& engine, const Flags& flags, absl::Time first_due) {
  Installation& installation = engine.installation();
  DOLEN_RETURN_IF_ERROR(installation.AppendToAll(Workload::Book(absl::Now() - absl::Hours(48))));
  std::vector<std::string> values;
  const absl::Time far = absl::Now() + absl::Hours(23);
  for (int64_t i = 0; i < flags.pending; ++i) {
    values.push_back(Begun(absl::StrCat("pending-", i), far).SerializeAsString());
    if (values.size() < 50 * kBatch && i + 1 < flags.pending) continue;
    DOLEN_RETURN_IF_ERROR(Admit(engine, values));
    values.clear();
  }
  for (int64_t i = 0; i < flags.deadlines; ++i) {
    const absl::Duration later =
        absl::Seconds(flags.seconds * double(i) / double(std::max<int64_t>(1, flags.deadlines)));
    values.push_back(Begun(absl::StrCat("deadline-", i), first_due + later).SerializeAsString());
  }
  DOLEN_RETURN_IF_ERROR(Admit(engine, values));
  return installation.Fold();
}

struct Progressed {
  int64_t admitted = 0;
  int64_t folded = 0;
};

Progressed ProgressOf(Engine& engine) {
  Progressed so_far{engine.intake_totals().admitted, 0};
  for (size_t i = 0; i < engine.shards(); ++i) {
    so_far.folded += static_cast<int64_t>(
        engine.WithShard(i, [](Shard& shard) { return shard.fold().counts().events(); }));
  }
  return so_far;
}

struct Lateness {
  std::vector<double> milliseconds;  // ascending
  absl::Time last = absl::InfinitePast();
};

Lateness StopAndCollect(const std::vector<std::unique_ptr<Listener>>& listeners) {
  Lateness late;
  for (const auto& listener : listeners) {
    listener->Stop();
    late.last = std::max(late.last, listener->last());
    late.milliseconds.insert(late.milliseconds.end(), listener->milliseconds().begin(),
                             listener->milliseconds().end());
  }
  std::sort(late.milliseconds.begin(), late.milliseconds.end());
  return late;
}

absl::StatusOr<std::unique_ptr<Engine>> OpenEngine(const Flags& flags, const std::string& folder) {
  Place place;
  place.data = folder + "/data";
  place.kafka = flags.kafka;
  place.partitions = flags.partitions;
  if (!flags.kafka.empty()) place.prefix = absl::StrCat("late-", absl::ToUnixSeconds(absl::Now()));
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Engine> engine,
                         Engine::Open(place, GuardedClock::Machine()));
  Installation& installation = engine->installation();
  DOLEN_RETURN_IF_ERROR(
      installation.log().CreateTopic({installation.names().Intake(Workload::AgencyName(0)), 1,
                                      false, absl::Hours(24 * 90), kMaxIntakeRecord}));
  return engine;
}

absl::StatusOr<Json> Run(const Flags& flags, const std::string& folder) {
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine, OpenEngine(flags, folder));
  Installation& installation = engine->installation();
  // Long enough from now that all is folded before.
  const absl::Time first_due = FromMicros(
      Micros(absl::Now() + absl::Seconds(10 + flags.pending / 20000 + flags.deadlines / 20000)));
  DOLEN_RETURN_IF_ERROR(Prepare(*engine, flags, first_due));
  if (absl::Now() > first_due - absl::Seconds(3)) {
    return absl::DeadlineExceededError(
        "this machine is too slow to be ready before the first is due");
  }
  std::vector<std::unique_ptr<Listener>> listeners;
  for (int32_t p = 0; p < static_cast<int32_t>(engine->shards()); ++p) {
    listeners.push_back(std::make_unique<Listener>(
        &installation.log(), TopicPartition{installation.names().Alerts(), p}, first_due));
  }
  engine->Start();
  std::atomic<bool> stopping{false};
  std::atomic<int64_t> sent{0};
  std::thread load;
  if (flags.ingest > 0) load = std::thread([&] { Ingest(*engine, flags.ingest, stopping, sent); });
  const auto told = [&] {
    int64_t count = 0;
    for (const auto& listener : listeners) count += listener->count();
    return count;
  };
  absl::SleepFor(first_due - absl::Now());
  const Progressed before = ProgressOf(*engine);
  const absl::Time deadline = first_due + absl::Seconds(flags.seconds) + absl::Seconds(60);
  while (told() < flags.deadlines && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(20));
  const Progressed after = ProgressOf(*engine);
  const double took = absl::ToDoubleSeconds(absl::Now() - first_due);
  stopping = true;
  if (load.joinable()) load.join();
  const int64_t lag = engine->intake_lag();
  const int64_t count = told();
  const Lateness late = StopAndCollect(listeners);
  engine->Stop();
  return Json{{"log", flags.kafka.empty() ? "local" : "kafka"},
              {"partitions", flags.partitions},
              {"pending", flags.pending},
              {"deadlines", flags.deadlines},
              {"seconds", flags.seconds},
              {"ingest_asked", flags.ingest},
              {"ingest_sent", sent.load()},
              {"admitted_a_second", static_cast<double>(after.admitted - before.admitted) / took},
              {"folded_a_second", static_cast<double>(after.folded - before.folded) / took},
              {"intake_lag_at_end", lag},
              {"told", count},
              {"p50_ms", Share(late.milliseconds, 0.5)},
              {"p99_ms", Share(late.milliseconds, 0.99)},
              {"max_ms", Share(late.milliseconds, 1)},
              {"min_ms", Share(late.milliseconds, 0)},
              {"drained_s", absl::ToDoubleSeconds(late.last - first_due)}};
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("How late deadlines are told; prints one JSON object.");
  app.footer(
      "Example:\n  dolen_lateness --pending=1000000 --deadlines=2000 --ingest=10000\n"
      "  dolen_lateness --pending=0 --deadlines=100000 --seconds=0");
  app.add_option("--kafka", flags.kafka, "host:port; without it the local log");
  app.add_option("--partitions", flags.partitions)->capture_default_str();
  app.add_option("--pending", flags.pending, "Clocks that wait meanwhile")->capture_default_str();
  app.add_option("--deadlines", flags.deadlines, "Those that fall due")->capture_default_str();
  app.add_option("--seconds", flags.seconds, "Over so long; 0: at one instant")
      ->capture_default_str();
  app.add_option("--ingest", flags.ingest, "Events a second that come in meanwhile")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const std::string folder = MakeTemporaryFolder();
  const auto removed = absl::MakeCleanup([&] {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  });
  const absl::StatusOr<Json> json = Run(flags, folder);
  if (!json.ok()) {
    absl::FPrintF(stderr, "dolen_lateness: %s\n", json.status().ToString());
    return 3;
  }
  absl::PrintF("%s\n", json->dump(1));
  return (*json)["told"] == flags.deadlines ? 0 : 1;
}

}  // namespace
}  // namespace dolen

int main(int argc, char** argv) { return dolen::Main(argc, argv); }
