// Whom the caller's agency holds; what is offered, whom nobody holds, whom two hold.
#include <utility>

#include "deploy/api/api.h"
#include "deploy/api/page.h"
#include "deploy/api/routes.h"
#include "engine/base/status.h"
#include "projections/responsibility/responsibility.h"

namespace dolen {
namespace {

absl::StatusOr<Responsibility> ResponsibilityFor(Api& api, const Question& question) {
  const std::string& agency = question.caller.agency;
  const absl::Time at = question.glances.Reached();
  Responsibility all;
  for (const Glance& shard : question.glances.shards) {
    DOLEN_RETURN_IF_ERROR(ReadResponsibility(shard.rows(), agency, at, shard.books().zone(), all));
  }
  DOLEN_RETURN_IF_ERROR(api.sealed().ForEach(
      question.glances, agency, [&](const Glance& shard, const SealedLines& lines) -> absl::Status {
        for (const Row& row : lines.responsibility) {
          DOLEN_RETURN_IF_ERROR(
              AddResponsibility(row.key, row.value, agency, at, shard.books().zone(), all));
        }
        return absl::OkStatus();
      }));
  return all;
}

template <typename Line>
absl::StatusOr<std::string> Cut(const Api& api, const Question& question,
                                std::vector<Line>& lines) {
  DOLEN_ASSIGN_OR_RETURN(const std::string after, api.cursors().PlaceOf(question));
  DOLEN_ASSIGN_OR_RETURN(const size_t limit, LimitOf(question));
  if (!after.empty()) std::erase_if(lines, [&](const Line& line) { return line.place <= after; });
  return CutPage(api, question, limit, lines);
}

template <typename Line>
void NameChildren(const std::vector<Line>& lines, Answered& answered) {
  for (const Line& line : lines) answered.children.push_back(line.child);
}

absl::StatusOr<Answered> AnswerHoldings(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  DOLEN_ASSIGN_OR_RETURN(Responsibility all, ResponsibilityFor(api, question));
  DOLEN_ASSIGN_OR_RETURN(const std::string next, Cut(api, question, all.holdings));
  Answered answered = AnswerOf<HoldingLine>(question, form, all.holdings, next,
                                            {HoldingJson, HoldingCsvHead(), HoldingCsv});
  NameChildren(all.holdings, answered);
  return answered;
}

absl::StatusOr<Answered> AnswerHandovers(Api& api, const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  const std::string kind = question.Of("kind");
  if (!kind.empty() && kind != "offered" && kind != "gap" && kind != "overlap") {
    return absl::InvalidArgumentError("kind: write offered, gap or overlap");
  }
  DOLEN_ASSIGN_OR_RETURN(Responsibility all, ResponsibilityFor(api, question));
  if (!kind.empty()) {
    std::erase_if(all.handovers,
                  [&](const HandoverLine& line) { return HandoverKindName(line.kind) != kind; });
  }
  DOLEN_ASSIGN_OR_RETURN(const std::string next, Cut(api, question, all.handovers));
  Answered answered = AnswerOf<HandoverLine>(question, form, all.handovers, next,
                                             {HandoverJson, HandoverCsvHead(), HandoverCsv});
  NameChildren(all.handovers, answered);
  return answered;
}

}  // namespace

void AddResponsibilityAnswers(Api& api, const AddAsked& add) {
  add("GET", "/v1/holdings", Asked::kLists,
      [&api](const Question& question) { return AnswerHoldings(api, question); });
  add("GET", "/v1/handovers", Asked::kLists,
      [&api](const Question& question) { return AnswerHandovers(api, question); });
}

}  // namespace dolen
