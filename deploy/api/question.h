// A question of the read API, when it is known who asks, why, and that they may ask it; and what is
// answered, with what the audit is to say of it.
#ifndef DOLEN_DEPLOY_API_QUESTION_H_
#define DOLEN_DEPLOY_API_QUESTION_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "connectors/http/http.h"
#include "connectors/http/router.h"
#include "deploy/api/readings.h"
#include "dolen/audit/v1/audit.pb.h"
#include "engine/access/caller.h"
#include "engine/access/may_ask.h"
#include "engine/base/ids.h"
#include "engine/child/visible.h"

namespace dolen {

struct Question {
  const HttpRequest& request;
  const PathArguments& path;
  const Caller& caller;
  Purpose purpose;
  Reach reach;  // never kNothing
  absl::Time now;
  const Glances& glances;

  std::string Of(const std::string& name) const { return QueryOf(request, name); }
};

struct Answered {
  HttpResponse response;
  std::vector<ChildKey> children;  // about whom it is
  Extent extent = Extent::kWhole;  // how much of them is told
  std::string emergency;           // with a break of the glass: the reason
};

// Errors are told as problems; what is not to be known is kNotFound, and its sentence is not told.
using AnswerTo = std::function<absl::StatusOr<Answered>(const Question&)>;

// The record of a read of which nothing is told yet. `what`: method and pattern of the path.
audit::v1::Read ReadOf(const Caller& caller, Purpose purpose, const std::string& what,
                       absl::Time now);

// {"at":..., "position":...} and further members, which are one JSON text each.
std::string Envelope(const Glances& glances,
                     const std::vector<std::pair<std::string, std::string>>& members);

// How a table is wanted: the query parameter `format` does not exist here; Accept says it.
enum class Form { kJson, kCsv };
absl::StatusOr<Form> FormOf(const HttpRequest& request);

// The answer to a POST whose body is said to be anything but JSON; none: it may be read.
absl::optional<HttpResponse> RefusedBody(const HttpRequest& request);

HttpResponse JsonResponse(std::string body);
HttpResponse CsvResponse(std::string body);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_QUESTION_H_
