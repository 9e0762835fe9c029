#include "deploy/api/api.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "deploy/api/routes.h"
#include "deploy/program/routes.h"
#include "engine/base/status.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

// One sentence for all, whatever the reason.
HttpResponse NotToBeKnown() {
  return Problem(404, "not_found", "there is nothing here that you may know of");
}

// The next beat after now of a clock that began when the question came.
absl::Time NextBeat(absl::Duration beat, absl::Time came) {
  if (beat == absl::ZeroDuration()) return absl::InfinitePast();
  absl::Duration rest;
  return came + beat * (absl::IDivDuration(absl::Now() - came, beat, &rest) + 1);
}

audit::v1::Read::Extent ExtentOf(Extent extent) {
  switch (extent) {
    case Extent::kNothing:
      return audit::v1::Read::EXTENT_NOTHING;
    case Extent::kOpenPart:
      return audit::v1::Read::EXTENT_OPEN_PART;
    case Extent::kWhole:
      return audit::v1::Read::EXTENT_WHOLE;
  }
  return audit::v1::Read::EXTENT_UNSPECIFIED;
}

// Of whom it was asked where nothing is told. Only a key goes on record: whatever else somebody
// wrote in its place may be an identifier, and would stay for ever.
void AddAskedChild(const PathArguments& path, audit::v1::Read& read) {
  const auto asked = path.find("child");
  ChildKey child;
  if (asked != path.end() && ChildKey::FromHex(asked->second, child)) read.add_child(child.Hex());
}

absl::StatusOr<Purpose> PurposeIn(const HttpRequest& request) {
  const auto header = request.headers.find("dolen-purpose");
  const std::string text = header == request.headers.end() ? "" : header->second;
  const absl::optional<Purpose> purpose = PurposeOf(text);
  if (purpose) return *purpose;
  std::string names;
  for (const Purpose one : kPurposes) absl::StrAppend(&names, " ", PurposeName(one));
  return absl::InvalidArgumentError(
      absl::StrCat("Dolen-Purpose: say why you ask, with one of:", names));
}

}  // namespace

ApiParts PartsOf(Service* service, Gate* gate) {
  Engine& engine = service->engine();
  Installation& installation = engine.installation();
  ApiParts parts;
  for (size_t i = 0; i < engine.shards(); ++i) parts.stores.push_back(&engine.StoreOf(i));
  parts.log = &installation.log();
  parts.names = installation.names();
  parts.secret = installation.secret();
  parts.gate = gate;
  parts.now = [&engine] { return engine.clock().Now(); };
  parts.holds_until = [&engine](size_t shard) { return engine.HoldsUntil(shard); };
  parts.find = [service](const std::string& issuer, const std::string& value) {
    return service->ChildOf(issuer, value);
  };
  parts.act = [service](const Deed& deed) {
    return service->desk().Do(deed, Format::kJson).status();
  };
  return parts;
}

Api::Api(ApiParts parts, std::unique_ptr<AuditLog> audit)
    : parts_(std::move(parts)),
      audit_(std::move(audit)),
      audit_reader_(parts_.log, parts_.names),
      readings_(parts_.stores, parts_.position_patience, parts_.holds_until),
      cursors_(parts_.secret),
      feed_(std::make_unique<Feed>(&readings_, audit_.get(), parts_.now)) {}

absl::StatusOr<std::unique_ptr<Api>> Api::Open(ApiParts parts) {
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<AuditLog> audit, AuditLog::Open(parts.log, parts.names));
  std::unique_ptr<Api> api(new Api(std::move(parts), std::move(audit)));
  DOLEN_RETURN_IF_ERROR(api->RestoreEmergencies());
  return api;
}

absl::Status Api::RestoreEmergencies() {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<audit::v1::Read> reads, audit_reader_.Emergencies());
  for (const audit::v1::Read& read : reads) {
    ChildKey child;
    if (read.child_size() != 1 || !ChildKey::FromHex(read.child(0), child)) continue;
    emergencies_.Restore(read.subject(), read.agency(), child, FromTimestamp(read.at()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Answered> Api::Ask(const HttpRequest& request, const PathArguments& path,
                                  const Caller& caller, Purpose purpose, Asked asked,
                                  const AnswerTo& answer) {
  const Reach reach = MayAsk(caller, purpose, asked);
  if (reach == Reach::kNothing) {
    return absl::PermissionDeniedError(
        "your role may not ask this for this purpose; GET /v1/me says what it may");
  }
  DOLEN_ASSIGN_OR_RETURN(const Glances glances, readings_.Take(QueryOf(request, "min_position")));
  const Question question{request, path, caller, purpose, reach, Now(), glances};
  DOLEN_ASSIGN_OR_RETURN(Answered answered, answer(question));
  answered.response.headers["dolen-position"] = glances.Position();
  if (answered.response.stream == nullptr && request.method == "GET") {
    answered.response.headers["etag"] = StrongEtag(answered.response.body);
  }
  answered.response.headers["vary"] = "accept, authorization, dolen-purpose";
  return answered;
}

HttpHandler Api::Handler(std::string what, Asked asked, AnswerTo answer) {
  return [this, what = std::move(what), asked, answer = std::move(answer)](
             const HttpRequest& request, const PathArguments& path) {
    const absl::Time came = absl::Now();
    const absl::StatusOr<Caller> caller = parts_.gate->WhoAsks(request, Now());
    if (!caller.ok()) return ResponseOf(caller.status());
    const absl::StatusOr<Purpose> purpose = PurposeIn(request);
    if (!purpose.ok()) return ResponseOf(purpose.status());
    if (absl::optional<HttpResponse> refused = RefusedBody(request)) return *std::move(refused);
    absl::StatusOr<Answered> answered = Ask(request, path, *caller, *purpose, asked, answer);
    audit::v1::Read read = ReadOf(*caller, *purpose, what, Now());
    if (!answered.ok()) AddAskedChild(path, read);
    if (answered.ok()) {
      read.set_extent(ExtentOf(answered->extent));
      read.set_emergency(answered->emergency);
      for (const ChildKey& child : answered->children) read.add_child(child.Hex());
    }
    const absl::Status on_record = audit_->Append(std::move(read));
    if (!on_record.ok()) {
      return Problem(503, "unavailable", "this cannot be put on record just now; ask again");
    }
    if (answered.ok()) return std::move(answered->response);
    if (!absl::IsNotFound(answered.status())) return ResponseOf(answered.status());
    HttpResponse response = NotToBeKnown();
    response.not_before = NextBeat(parts_.not_found_beat, came);
    return response;
  };
}

void Api::AddTo(Router& router) {
  const AddAsked add = [this, &router](absl::string_view method, absl::string_view pattern,
                                       Asked asked, AnswerTo answer) {
    router.Add(method, pattern,
               Handler(absl::StrCat(method, " ", pattern), asked, std::move(answer)));
  };
  AddLists(*this, add);
  AddStreams(*this, add);
  AddAlertAnswers(*this, add);
  AddChildren(*this, add);
  AddResponsibilityAnswers(*this, add);
  AddNumbers(*this, add);
  AddReads(*this, add);
  AddOpen(*this, *parts_.gate, router);
}

}  // namespace dolen
