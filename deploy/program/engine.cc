#include "deploy/program/engine.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "engine/base/limits.h"
#include "engine/base/say.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

constexpr absl::Duration kLook = absl::Seconds(1);  // how often intake topics are looked for
constexpr absl::Duration kLongestWait = absl::Milliseconds(100);  // so that stopping is prompt
constexpr absl::Duration kAfterTrouble = absl::Milliseconds(500);
constexpr int kAdmissionBatch = 1000;
// Expired messages are looked for when a start has settled, and then each day.
constexpr absl::Duration kFirstTrim = absl::Minutes(1);
constexpr absl::Duration kTrimEvery = absl::Hours(24);

// What only a person can mend.
bool IsIntegrity(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status) ||
         absl::IsOutOfRange(status) || absl::IsInternal(status);
}

}  // namespace

void Alarms::Raise(const std::string& code, const std::string& sentence) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string& active = active_[code];
  if (active == sentence) return;
  active = sentence;
  Say(Severity::kError, "alarm")
      .Field("status", absl::UnknownError(absl::StrCat(code, ": ", sentence)));
}

void Alarms::Clear(const std::string& code) {
  const std::lock_guard<std::mutex> lock(mutex_);
  active_.erase(code);
}

std::map<std::string, std::string> Alarms::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return active_;
}

Engine::Engine(GuardedClock::Source source) : source_(std::move(source)) {}
Engine::~Engine() { Stop(); }

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(const Place& place,
                                                     GuardedClock::Source source) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<Log> log, OpenLog(place, source.wall));
  return Open(place, std::move(log), std::move(source));
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Open(const Place& place, std::unique_ptr<Log> log,
                                                     GuardedClock::Source source) {
  std::unique_ptr<Engine> engine(new Engine(std::move(source)));
  Engine* const raw = engine.get();
  DOLEN_ASSIGN_OR_RETURN(engine->installation_, Installation::Open(place, std::move(log), [raw] {
                           return raw->clock_->Now();
                         }));
  engine->locks_ = std::make_unique<std::mutex[]>(engine->shards());
  engine->hold_until_ = std::make_unique<std::atomic<int64_t>[]>(engine->shards());
  engine->clock_ =
      std::make_unique<GuardedClock>(engine->source_, engine->installation_->Reached());
  DOLEN_ASSIGN_OR_RETURN(engine->intake_,
                         Intake::Open(&engine->installation_->log(), engine->installation_->names(),
                                      &engine->installation_->admitter()));
  return engine;
}

void Engine::Start() {
  running_ = true;
  // Until the ends that intake had at start are reached, evidence waits and nobody is told anything
  // new.
  waiting_since_ = std::max<int64_t>(1, absl::ToInt64Microseconds(SinceBoot()));
  silent_ = static_cast<int>(shards());
  turned_ = std::make_unique<std::atomic<int64_t>[]>(shards() + 1);
  for (size_t thread = 0; thread <= shards(); ++thread) Turned(thread);
  threads_.emplace_back([this] { RunAdmission(); });
  threads_.emplace_back([this, due = SinceBoot() + kFirstTrim] { RunTrimming(due); });
  for (size_t shard = 0; shard < shards(); ++shard) {
    threads_.emplace_back([this, shard] { RunShard(shard); });
  }
}

void Engine::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (running_ && intake_ != nullptr) {
    const std::lock_guard<std::mutex> lock(admission_);
    (void)intake_->Commit();
  }
  running_ = false;
}

void Engine::RunAdmission() {
  for (; !stopping_ && silent_ > 0; Turned(shards())) absl::SleepFor(absl::Milliseconds(5));
  absl::Duration looked = SinceBoot();
  for (; !stopping_; Turned(shards())) {
    absl::Status status;
    bool idle = false;
    {
      const std::lock_guard<std::mutex> lock(admission_);
      if (SinceBoot() - looked > kLook) {
        status = intake_->Refresh();
        looked = SinceBoot();
      }
      if (status.ok()) {
        const absl::StatusOr<PumpResult> pumped =
            intake_->Pump(kAdmissionBatch, absl::ZeroDuration());
        status = pumped.status();
        idle = pumped.ok() && pumped->read == 0;
      }
      lag_ = intake_->lag();
      const bool waits = lag_ > 0 || !intake_->reached_start_ends();
      if (intake_->reached_start_ends()) intake_started_ = true;
      if (!waits) {
        waiting_since_ = 0;
      } else if (waiting_since_ == 0) {
        waiting_since_ = absl::ToInt64Microseconds(SinceBoot());
      }
      for (const StoppedIntake& stopped : intake_->stopped()) {
        alarms_.Raise(absl::StrCat("intake_stopped_", stopped.partition.topic, "_",
                                   stopped.partition.partition),
                      std::string(stopped.why.message()));
      }
    }
    if (status.ok()) {
      alarms_.Clear("admission_failing");
      if (idle) absl::SleepFor(absl::Milliseconds(5));
    } else {
      alarms_.Raise("admission_failing", status.ToString());
      absl::SleepFor(kAfterTrouble);
    }
  }
}

void Engine::RunTrimming(absl::Duration due) {
  for (; !stopping_; absl::SleepFor(kLongestWait)) {
    if (SinceBoot() < due) continue;
    due = SinceBoot() + kTrimEvery;
    const absl::StatusOr<int64_t> trimmed = installation_->log().TrimExpired();
    if (trimmed.ok()) {
      alarms_.Clear("trimming_failing");
    } else {
      alarms_.Raise("trimming_failing",
                    absl::StrCat("received messages are kept longer than promised: ",
                                 trimmed.status().ToString()));
    }
  }
}

// No tick while evidence waits: a step that is known before the tick pages nobody. After five
// minutes deadlines come first all the same.
bool Engine::MayTick() {
  if (!clock_->Trusted()) {
    alarms_.Raise("clock_not_trusted",
                  absl::StrCat(clock_->Alarm(),
                               "; no deadline is told until an operator has looked and says: dolen "
                               "doctor --confirm-time"));
    return false;
  }
  alarms_.Clear("clock_not_trusted");
  const int64_t since = waiting_since_;
  if (since == 0) {
    alarms_.Clear("intake_lags");
    return true;
  }
  const absl::Duration waited = SinceBoot() - absl::Microseconds(since);
  if (waited <= kMaxLag && intake_started_) return true;
  if (waited < kMaxLagWait) return false;
  alarms_.Raise("intake_lags",
                "messages have waited in intake for more than five minutes; deadlines are told "
                "although evidence may be among them");
  return true;
}

absl::Status Engine::StepShard(Shard& shard, size_t index) {
  const absl::Time now = clock_->Now();
  const absl::Duration wait =
      std::clamp(shard.NextTick() - now, absl::ZeroDuration(), kLongestWait);
  DOLEN_ASSIGN_OR_RETURN(const absl::Span<const Entry> entries, shard.Read(wait));
  const std::lock_guard<std::mutex> lock(locks_[index]);
  DOLEN_RETURN_IF_ERROR(shard.FoldAll(entries, SinceBoot()));
  clock_->SawReached(shard.fold().reached());
  if (!shard.fold().stated_time() && shard.NextTick() <= clock_->Now() && MayTick()) {
    DOLEN_RETURN_IF_ERROR(shard.Tick(clock_->Now()).status());
  }
  const absl::Status told = shard.Tell();
  if (row_listener_ != nullptr) {
    Fold::CommittedRows rows = shard.fold().TakeCommittedRows();
    if (!rows.changes.empty()) row_listener_(index, rows.position, std::move(rows.changes));
  }
  for (const absl::Time due : shard.TakeTold()) lateness_.Add(clock_->Now() - due);
  const bool is_known = entries.empty() && !shard.fold().stated_time() &&
                        shard.fold().first_due() > now && installation_->place().kafka.empty();
  if (is_known) hold_until_[index] = absl::ToUnixMicros(now);
  return told;
}

absl::Time Engine::HoldsUntil(size_t shard) const {
  const int64_t micros = hold_until_[shard];
  return micros == 0 ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

void Engine::SetRowListener(RowListener listener) {
  row_listener_ = std::move(listener);
  for (size_t i = 0; i < shards(); ++i) {
    WithShard(i, [](Shard& shard) { shard.fold().KeepCommittedRows(); });
  }
}

void Engine::Watch(const Shard& shard, bool& silent, int64_t& held) {
  if (silent && shard.speaks()) {
    silent = false;
    --silent_;
  }
  const int64_t now = static_cast<int64_t>(shard.fold().held());
  if (now == held) return;
  held_ += now - held;
  held = now;
  if (held_ == 0) {
    alarms_.Clear("revision_held");
    return;
  }
  alarms_.Raise("revision_held",
                "changes of alerts are held back since the fold revision changed, and nobody is "
                "told of them; look at them with: dolen revision show");
}

void Engine::RunShard(size_t index) {
  const std::string trouble = absl::StrCat("shard_", index, "_failing");
  Shard& shard = *installation_->shards()[index];
  bool silent = true;
  int64_t held = 0;
  for (; !stopping_; Turned(index)) {
    const absl::Status status = StepShard(shard, index);
    Watch(shard, silent, held);
    if (status.ok()) {
      alarms_.Clear(trouble);
    } else if (IsIntegrity(status)) {
      // It never skips: what cannot be believed stops this shard, and the others go on.
      alarms_.Raise(absl::StrCat("shard_", index, "_stopped"), status.ToString());
      if (silent) --silent_;  // the others need not wait for it
      turned_[index] = std::numeric_limits<int64_t>::max();
      return;
    } else {
      alarms_.Raise(trouble, status.ToString());
      absl::SleepFor(kAfterTrouble);
    }
  }
}

absl::Duration Engine::LongestStandstill() const {
  absl::Duration longest;
  if (!running_) return longest;
  for (size_t thread = 0; thread <= shards(); ++thread) {
    const int64_t turned = turned_[thread];
    if (turned == std::numeric_limits<int64_t>::max()) continue;  // an alarm stands for it
    longest = std::max(longest, SinceBoot() - absl::Microseconds(turned));
  }
  return longest;
}

absl::Status Engine::CatchUp() {
  if (!installation_->place().kafka.empty()) return installation_->Fold();
  if (!installation_->Speaks()) DOLEN_RETURN_IF_ERROR(installation_->CatchUp());
  const std::lock_guard<std::mutex> lock(admission_);
  for (;;) {
    DOLEN_ASSIGN_OR_RETURN(const PumpResult pumped,
                           intake_->Pump(kAdmissionBatch, absl::ZeroDuration()));
    if (pumped.read == 0) break;
  }
  DOLEN_RETURN_IF_ERROR(intake_->Commit());
  return installation_->CatchUp();
}

absl::Status Engine::RefreshIntake() {
  const std::lock_guard<std::mutex> lock(admission_);
  return intake_->Refresh();
}

absl::Status Engine::WaitForFold(absl::Duration patience) {
  if (!running_) return installation_->Fold();
  const absl::Duration begun = SinceBoot();
  for (size_t shard = 0; shard < shards(); ++shard) {
    for (;;) {
      DOLEN_ASSIGN_OR_RETURN(const bool at_end,
                             WithShard(shard, [](Shard& one) { return one.IsAtEnd(); }));
      if (at_end) break;
      if (SinceBoot() - begun > patience) {
        return absl::DeadlineExceededError(
            absl::StrCat("shard ", shard, " has not folded everything yet; ask again later"));
      }
      absl::SleepFor(absl::Milliseconds(5));
    }
  }
  return absl::OkStatus();
}

PumpResult Engine::intake_totals() const {
  const std::lock_guard<std::mutex> lock(admission_);
  return intake_->totals();
}

}  // namespace dolen
