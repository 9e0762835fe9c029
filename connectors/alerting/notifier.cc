#include "connectors/alerting/notifier.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/say.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// How long a change may lie in the alerts topic before it is looked for again.
constexpr absl::Duration kLookEvery = absl::Milliseconds(100);
// The longest nap of a destination's thread: the clock may have been set meanwhile.
constexpr absl::Duration kLongestNap = absl::Seconds(1);

}  // namespace

Notifier::Notifier(Options options)
    : destinations_(std::move(options.destinations)), clock_(std::move(options.clock)) {}

absl::StatusOr<std::unique_ptr<Notifier>> Notifier::Start(Options options) {
  Dispatch::Options inner{options.log, options.names, options.file, {}, options.link};
  for (const routing::v1::Destination& destination : options.file.destination()) {
    const auto found = options.destinations.find(destination.name());
    if (found == options.destinations.end() || found->second == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("destination \"", destination.name(), "\" was not made"));
    }
    inner.traits[destination.name()] = {found->second->takes_groups(),
                                        found->second->repeat_every()};
  }
  std::unique_ptr<Notifier> notifier(new Notifier(std::move(options)));
  DOLEN_ASSIGN_OR_RETURN(notifier->dispatch_,
                         Dispatch::Open(std::move(inner), notifier->clock_.Now()));
  Notifier* const self = notifier.get();
  for (const DestinationStatus& status : self->dispatch_->Status().destinations) {
    Destination& destination = *self->destinations_[status.name];
    self->threads_.emplace_back(
        [self, name = status.name, &destination] { self->Serve(name, destination); });
  }
  self->threads_.emplace_back([self] { self->Read(); });
  return notifier;
}

Notifier::~Notifier() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Notifier::Read() {
  std::unique_lock<std::mutex> lock(mutex_);
  absl::StatusCode said = absl::StatusCode::kOk;
  while (!IsOver()) {
    const absl::StatusOr<int> taken = dispatch_->TakeNew(clock_.Now());
    if (taken.status().code() != said) {
      said = taken.status().code();
      Say(said == absl::StatusCode::kOk ? Severity::kInfo : Severity::kError, "notifier_reads")
          .Field("status", taken.status());
    }
    if (taken.ok() && *taken > 0) {
      ready_.notify_all();
      lock.unlock();  // others first
      lock.lock();
      continue;
    }
    ready_.wait_for(lock, absl::ToChronoNanoseconds(kLookEvery), [&] { return IsOver(); });
  }
  ready_.notify_all();
}

void Notifier::Serve(const std::string& name, Destination& destination) {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!IsOver()) {
    const absl::Time now = clock_.Now();
    const absl::optional<Task> task = dispatch_->Next(name, now);
    if (!task.has_value()) {
      const absl::Duration nap =
          std::clamp(dispatch_->NextDue(name) - now, kLookEvery, kLongestNap);
      ready_.wait_for(lock, absl::ToChronoNanoseconds(nap));
      continue;
    }
    lock.unlock();
    const Delivery delivery = task->notice.has_value() ? destination.Deliver(*task->notice)
                                                       : destination.Repeat(task->open, now);
    lock.lock();
    dispatch_->Answered(name, delivery, clock_.Now());
  }
}

NotifierStatus Notifier::Status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return dispatch_->Status();
}

absl::StatusOr<int> Notifier::SendAgain(const std::string& destination) {
  const std::lock_guard<std::mutex> lock(mutex_);
  absl::StatusOr<int> again = dispatch_->SendAgain(destination, clock_.Now());
  ready_.notify_all();
  return again;
}

}  // namespace dolen
