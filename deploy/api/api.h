// The read API: each question passes the gate, is allowed or not by role and purpose, is answered
// from a snapshot, and stands on record before its answer leaves. openapi.json says what there is.
//
// What is not there and what is not to be known are answered alike, and in the same time: such an
// answer leaves at the next beat of a slow clock, however soon or late it was known.
#ifndef DOLEN_DEPLOY_API_API_H_
#define DOLEN_DEPLOY_API_API_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "connectors/http/router.h"
#include "connectors/http/stream.h"
#include "deploy/api/cursor.h"
#include "deploy/api/emergencies.h"
#include "deploy/api/feed.h"
#include "deploy/api/gate.h"
#include "deploy/api/question.h"
#include "deploy/api/readings.h"
#include "deploy/api/sealed_lists.h"
#include "deploy/program/deed.h"
#include "deploy/program/service.h"
#include "engine/audit/audit_log.h"
#include "engine/audit/audit_reader.h"
#include "engine/log/log.h"
#include "engine/store/store.h"

namespace dolen {

// Answers of "not to be known" leave at whole multiples of this after the question came.
inline constexpr absl::Duration kNotFoundBeat = absl::Milliseconds(50);

// Streams that one person may have open at once: some tabs on two devices.
inline constexpr int kMostStreams = 12;

// What it stands on. Everything outlives the API and its routes; the functions are called by
// several threads.
struct ApiParts {
  std::vector<const Store*> stores;  // of the shards, by their numbers
  Log* log;                          // with the audit topic
  TopicNames names;
  std::string secret;  // of the installation
  Gate* gate;
  std::function<absl::Time()> now;
  // The child of an identifier, as it is written in events or on paper.
  std::function<absl::StatusOr<absl::optional<ChildKey>>(const std::string& issuer,
                                                         const std::string& value)>
      find;
  // Does something with alerts, and returns when it is folded.
  std::function<absl::Status(const Deed&)> act;
  absl::Duration not_found_beat = kNotFoundBeat;  // zero: at once
  absl::Duration position_patience = kPositionPatience;
  Readings::HoldsUntil holds_until;  // nullptr: shards are known as far as their records say
};
// Those of an installation at work.
ApiParts PartsOf(Service* service, Gate* gate);

class Api {
 public:
  static absl::StatusOr<std::unique_ptr<Api>> Open(ApiParts parts);

  // Adds everything that it answers.
  void AddTo(Router& router);

  // For the files of this room: the parts that answers are made with.
  const ApiParts& parts() const { return parts_; }
  Readings& readings() { return readings_; }
  const Cursors& cursors() const { return cursors_; }
  Emergencies& emergencies() { return emergencies_; }
  AuditLog& audit() { return *audit_; }
  AuditReader& audit_reader() { return audit_reader_; }
  Feed& feed() { return *feed_; }
  StreamsPerCaller& streams() { return streams_; }
  SealedLists& sealed() { return sealed_; }
  absl::Time Now() const { return parts_.now(); }

 private:
  Api(ApiParts parts, std::unique_ptr<AuditLog> audit);
  // Breaks of the glass that still hold, from the record.
  absl::Status RestoreEmergencies();
  HttpHandler Handler(std::string what, Asked asked, AnswerTo answer);
  // Asks and answers; what became of it is put on record by whoever called.
  absl::StatusOr<Answered> Ask(const HttpRequest& request, const PathArguments& path,
                               const Caller& caller, Purpose purpose, Asked asked,
                               const AnswerTo& answer);
  const ApiParts parts_;
  const std::unique_ptr<AuditLog> audit_;
  AuditReader audit_reader_;
  Readings readings_;
  const Cursors cursors_;
  Emergencies emergencies_;
  StreamsPerCaller streams_{kMostStreams};
  SealedLists sealed_;
  std::unique_ptr<Feed> feed_;
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_API_H_
