#include "connectors/http/router.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "engine/base/check.h"

namespace dolen {

void Router::Add(absl::string_view method, absl::string_view pattern, HttpHandler handler) {
  DOLEN_CHECK(absl::StartsWith(pattern, "/") && handler);
  Route route{std::string(method), {}, std::move(handler)};
  std::set<absl::string_view> names;
  pattern.remove_prefix(1);
  if (!pattern.empty()) {
    for (absl::string_view part : absl::StrSplit(pattern, '/')) {
      const bool named = absl::StartsWith(part, "{") && absl::EndsWith(part, "}");
      if (named) {
        part = part.substr(1, part.size() - 2);
        DOLEN_CHECK(!part.empty() && names.insert(part).second);
      }
      route.pattern.push_back({named, std::string(part)});
    }
  }
  for (const Route& other : routes_) {
    DOLEN_CHECK(other.method != route.method || Compare(other, route) != 0);
  }
  routes_.push_back(std::move(route));
}

bool Router::Matches(const Route& route, const std::vector<std::string>& path) {
  if (route.pattern.size() != path.size()) return false;
  for (size_t i = 0; i < path.size(); ++i) {
    if (route.pattern[i].named ? path[i].empty() : route.pattern[i].text != path[i]) return false;
  }
  return true;
}

int Router::Compare(const Route& a, const Route& b) {
  if (a.pattern.size() != b.pattern.size()) return a.pattern.size() < b.pattern.size() ? -1 : 1;
  for (size_t i = 0; i < a.pattern.size(); ++i) {
    if (a.pattern[i].named != b.pattern[i].named) return a.pattern[i].named ? 1 : -1;
    if (a.pattern[i].named) continue;
    const int order = a.pattern[i].text.compare(b.pattern[i].text);
    if (order != 0) return order;
  }
  return 0;
}

HttpResponse Router::Answer(const HttpRequest& request) const {
  const Route* best = nullptr;
  std::set<std::string> allowed;
  for (const Route& route : routes_) {
    if (!Matches(route, request.path)) continue;
    allowed.insert(route.method);
    if (route.method == "GET") allowed.insert("HEAD");
    const bool answers =
        route.method == request.method || (request.method == "HEAD" && route.method == "GET");
    if (answers && (best == nullptr || Compare(route, *best) < 0)) best = &route;
  }
  if (best == nullptr && allowed.empty()) {
    return Problem(404, "not_found", "Nothing is found under this path.");
  }
  if (best == nullptr) {
    const std::string methods = absl::StrJoin(allowed, ", ");
    HttpResponse response =
        Problem(405, "method_not_allowed", absl::StrCat("This path takes only: ", methods, "."));
    response.headers["allow"] = methods;
    return response;
  }
  PathArguments arguments;
  for (size_t i = 0; i < request.path.size(); ++i) {
    if (best->pattern[i].named) arguments.emplace(best->pattern[i].text, request.path[i]);
  }
  return best->handler(request, arguments);
}

std::vector<std::pair<std::string, std::string>> Router::Patterns() const {
  std::vector<std::pair<std::string, std::string>> patterns;
  for (const Route& route : routes_) {
    std::string pattern;
    for (const Segment& segment : route.pattern) {
      absl::StrAppend(&pattern, "/", segment.named ? "{" : "", segment.text,
                      segment.named ? "}" : "");
    }
    patterns.emplace_back(route.method, pattern.empty() ? "/" : pattern);
  }
  std::sort(patterns.begin(), patterns.end());
  return patterns;
}

}  // namespace dolen
