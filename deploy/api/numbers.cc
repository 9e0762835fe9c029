// Across children and agencies: when agencies were heard.
#include <algorithm>
#include <iterator>
#include <utility>

#include "deploy/api/api.h"
#include "deploy/api/routes.h"
#include "engine/base/status.h"
#include "projections/silence/silence.h"

namespace dolen {
namespace {

absl::StatusOr<Answered> AnswerSilence(const Question& question) {
  DOLEN_ASSIGN_OR_RETURN(const Form form, FormOf(question.request));
  std::vector<SilenceLine> lines;
  for (const Glance& shard : question.glances.shards) {
    DOLEN_ASSIGN_OR_RETURN(std::vector<SilenceLine> some,
                           ReadSilence(shard, question.glances.Reached()));
    std::move(some.begin(), some.end(), std::back_inserter(lines));
  }
  std::sort(lines.begin(), lines.end(),
            [](const SilenceLine& a, const SilenceLine& b) { return a.agency < b.agency; });
  Answered answered;
  answered.response =
      form == Form::kCsv ? CsvResponse(SilenceCsv(lines))
                         : JsonResponse(Envelope(question.glances, {{"rows", SilenceJson(lines)}}));
  return answered;
}

}  // namespace

void AddNumbers(const AddAsked& add) {
  add("GET", "/v1/silence", Asked::kSilence,
      [](const Question& question) { return AnswerSilence(question); });
}

}  // namespace dolen
