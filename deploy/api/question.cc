#include "deploy/api/question.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

struct Offer {
  absl::string_view type;
  Form form;
};
constexpr Offer kOffers[] = {{"application/json", Form::kJson}, {"text/csv", Form::kCsv}};

// How much a range of Accept ("text/*;q=0.5") wants the type; negative: it does not name it.
// `depth` is how exactly it names it.
double QualityOf(absl::string_view range, absl::string_view type, int& depth) {
  const std::vector<absl::string_view> parts = absl::StrSplit(range, ';');
  const absl::string_view name = absl::StripAsciiWhitespace(parts[0]);
  const absl::string_view kind = type.substr(0, type.find('/'));
  if (absl::EqualsIgnoreCase(name, type)) {
    depth = 2;
  } else if (absl::EqualsIgnoreCase(name, absl::StrCat(kind, "/*"))) {
    depth = 1;
  } else if (name == "*/*") {
    depth = 0;
  } else {
    return -1;
  }
  for (size_t i = 1; i < parts.size(); ++i) {
    const absl::string_view part = absl::StripAsciiWhitespace(parts[i]);
    double quality = 1;
    if (absl::StartsWithIgnoreCase(part, "q=") && absl::SimpleAtod(part.substr(2), &quality)) {
      return quality;
    }
  }
  return 1;
}

double QualityIn(absl::string_view accept, absl::string_view type) {
  double quality = 0;
  int deepest = -1;
  for (const absl::string_view range : absl::StrSplit(accept, ',')) {
    int depth = -1;
    const double its = QualityOf(range, type, depth);
    if (its >= 0 && depth > deepest) {
      quality = its;
      deepest = depth;
    }
  }
  return quality;
}

}  // namespace

std::string Envelope(const Glances& glances,
                     const std::vector<std::pair<std::string, std::string>>& members) {
  const absl::Time reached = glances.Reached();
  std::string json = absl::StrCat(
      "{\"at\":\"", Rfc3339(reached == absl::InfinitePast() ? absl::UnixEpoch() : reached),
      "\",\"position\":\"", glances.Position(), "\"");
  for (const auto& [name, text] : members) absl::StrAppend(&json, ",\"", name, "\":", text);
  return json + "}\n";
}

absl::StatusOr<Form> FormOf(const HttpRequest& request) {
  const auto accept = request.headers.find("accept");
  if (accept == request.headers.end()) return Form::kJson;
  const Offer* best = nullptr;
  double most = 0;
  for (const Offer& offer : kOffers) {
    const double quality = QualityIn(accept->second, offer.type);
    if (quality > most) {
      most = quality;
      best = &offer;
    }
  }
  if (best != nullptr) return best->form;
  return absl::UnimplementedError("Accept: this is answered as application/json and text/csv");
}

audit::v1::Read ReadOf(const Caller& caller, Purpose purpose, const std::string& what,
                       absl::Time now) {
  audit::v1::Read read;
  *read.mutable_at() = ToTimestamp(now);
  read.set_subject(caller.subject);
  read.set_client(caller.client);
  read.set_agency(caller.agency);
  for (const Role role : caller.roles) read.add_role(std::string(RoleName(role)));
  read.set_purpose(std::string(PurposeName(purpose)));
  read.set_what(what);
  read.set_extent(audit::v1::Read::EXTENT_NOTHING);
  return read;
}

absl::optional<HttpResponse> RefusedBody(const HttpRequest& request) {
  const std::pair<absl::string_view, absl::string_view> type =
      absl::StrSplit(request.content_type, absl::MaxSplits(';', 1));
  if (request.method != "POST" ||
      absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(type.first), "application/json")) {
    return absl::nullopt;
  }
  return Problem(415, "unsupported_media_type", "send the body as content-type: application/json");
}

HttpResponse JsonResponse(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

HttpResponse CsvResponse(std::string body) {
  HttpResponse response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.body = std::move(body);
  return response;
}

}  // namespace dolen
