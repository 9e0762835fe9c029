// What an installation answers, whoever asks: the socket of a running `dolen serve`, or a verb that
// opened the data folder itself. Answers are JSON or text for a terminal.
//
// Threads: any. Errors: kNotFound no such child or entry; kInvalidArgument the question is wrong;
// the rest is the world's.
#ifndef DOLEN_DEPLOY_PROGRAM_SERVICE_H_
#define DOLEN_DEPLOY_PROGRAM_SERVICE_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "connectors/alerting/notifier.h"
#include "deploy/program/alert_desk.h"
#include "deploy/program/asked_past.h"
#include "deploy/program/engine.h"
#include "deploy/program/signed_link.h"
#include "dolen/ledger/v1/delivery.pb.h"
#include "engine/admission/quarantine.h"
#include "projections/timeline/timeline.h"

namespace dolen {

class Service {
 public:
  explicit Service(Engine* engine)
      : engine_(engine), desk_(engine), links_(engine->installation().secret()) {}

  // The child of an identifier, as it is written in events or on paper; none is known here.
  absl::StatusOr<absl::optional<ChildKey>> ChildOf(const std::string& issuer,
                                                   const std::string& asked);
  // `past`: nothing asked for: what is known now.
  absl::StatusOr<std::string> Timeline(const std::string& issuer, const std::string& asked,
                                       const AskedPast& past, Format format);

  absl::StatusOr<std::string> ListQuarantine(const QuarantineFilter& filter, Format format);
  absl::StatusOr<std::string> ShowQuarantine(int64_t offset, Format format);
  // Admits the original bytes again; the answer says what became of them.
  absl::StatusOr<std::string> Retry(int64_t offset, const std::string& by);
  absl::Status SetAside(int64_t offset, const std::string& by, const std::string& why);

  // Straight through admission into the ledger, as files go.
  absl::StatusOr<ledger::v1::Delivered> Admit(const ledger::v1::Delivery& delivery);
  // Into the intake topics of the agencies, as agencies do it. Nothing is sent where the name of
  // one is none of an agency. After any other error some may be sent: send all again.
  absl::Status Publish(const ledger::v1::Delivery& delivery);
  absl::Status PublishBook(const std::string& file, const std::string& text, const std::string& by);
  absl::Status BeginBackfill(const std::string& name, const std::string& by);
  absl::Status EndBackfill(const std::string& name, const std::string& by);
  // What became of the records that came with this name as their intake topic, as far as they are
  // folded:
  // {"events":..., "conflicts":...}. Waits for the fold.
  absl::StatusOr<std::string> CountOf(const std::string& intake_topic, const std::string& from);
  // Where each shard's ledger ends now, for CountOf.
  absl::StatusOr<std::string> Ends();

  // How many values wait in quarantine for somebody's decision.
  absl::StatusOr<int64_t> OpenQuarantine();
  // What is missing or misconfigured and what to do. {"ok":..., "findings":[...]}.
  absl::StatusOr<std::string> Doctor();
  absl::Status ConfirmTime();

  Engine& engine() { return *engine_; }
  AlertDesk& desk() { return desk_; }
  // The notifier that runs beside it, which outlives all further calls; nullptr: none does.
  void SetNotifier(Notifier* notifier) { notifier_ = notifier; }
  Notifier* notifier() { return notifier_; }
  const SignedLinks& links() const { return links_; }

 private:
  // Lets `use` have quarantine. It is opened by the first call and kept, since opening reads the
  // whole topic. Where the admitter is needed too, it is taken inside: admission never waits for a
  // long list.
  template <typename F>
  auto WithQuarantine(F&& use) -> decltype(use(std::declval<Quarantine&>()));
  // Makes the intake topic of an agency where there is none.
  absl::Status MakeIntake(const std::string& agency);
  // Appends all of them and waits until they are durable.
  absl::Status AppendToIntake(const ledger::v1::Delivery& delivery);
  absl::Status AppendFact(const ledger::v1::Fact& fact);
  absl::StatusOr<std::string> ListAside(Format format);

  Engine* const engine_;
  AlertDesk desk_;
  const SignedLinks links_;
  std::atomic<Notifier*> notifier_{nullptr};
  std::mutex quarantine_mutex_;
  std::unique_ptr<Quarantine> quarantine_;  // guarded by quarantine_mutex_; none: not asked yet
  std::mutex publishing_;
  std::unique_ptr<LogAppender> appender_;  // guarded by publishing_; none: the next call opens one
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_SERVICE_H_
