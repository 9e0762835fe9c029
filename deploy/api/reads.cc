// Who has read what.
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "deploy/api/api.h"
#include "deploy/api/children.h"
#include "deploy/api/routes.h"
#include "deploy/program/audit_desk.h"
#include "engine/base/status.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<Answered> AnswerReads(Api& api, const Question& question, ReadsQuery query) {
  DOLEN_ASSIGN_OR_RETURN(const std::string place, api.cursors().PlaceOf(question));
  if (!place.empty() && !absl::SimpleAtoi(place, &query.before)) {
    return absl::InvalidArgumentError("cursor: it is none of this question");
  }
  DOLEN_ASSIGN_OR_RETURN(query.limit, LimitOf(question));
  ++query.limit;
  DOLEN_ASSIGN_OR_RETURN(std::vector<audit::v1::Read> reads, api.audit_reader().Find(query));
  Json next;
  if (reads.size() == query.limit) {
    reads.pop_back();
    next = api.cursors().After(question, absl::StrCat(reads.back().number()));
  }
  const AuditHead head = api.audit().head();
  Json json = {{"head", {{"number", head.number}, {"hash", absl::BytesToHexString(head.hash)}}},
               {"next", next},
               {"items", Json::array()}};
  for (const audit::v1::Read& read : reads) json["items"].push_back(ReadJson(read));
  Answered answered;
  answered.response = JsonResponse(json.dump() + "\n");
  return answered;
}

// Of a child that the caller's agency knows; an auditor need not know it.
absl::StatusOr<Answered> AnswerReadersOf(Api& api, const Question& question) {
  ChildKey child;
  if (!ChildKey::FromHex(question.path.at("child"), child)) {
    return absl::NotFoundError("no key of a child");
  }
  if (question.reach == Reach::kOwnAgency) {
    DOLEN_ASSIGN_OR_RETURN(const bool is_known, IsKnownTo(question, child));
    if (!is_known) return absl::NotFoundError("not to be known");
  }
  ReadsQuery query;
  query.child = child.Hex();
  DOLEN_ASSIGN_OR_RETURN(Answered answered, AnswerReads(api, question, query));
  answered.children = {child};
  answered.extent = Extent::kOpenPart;
  return answered;
}

}  // namespace

void AddReads(Api& api, const AddAsked& add) {
  add("GET", "/v1/audit", Asked::kReads, [&api](const Question& question) {
    ReadsQuery query;
    query.child = question.Of("child");
    query.subject = question.Of("subject");
    return AnswerReads(api, question, std::move(query));
  });
  add("GET", "/v1/children/{child}/readers", Asked::kReadersOf,
      [&api](const Question& question) { return AnswerReadersOf(api, question); });
}

}  // namespace dolen
