// Which handler answers which request. A pattern is a path whose segments are literal or named:
// "/v1/children/{issuer}/{value}/timeline". A literal segment is preferred to a named one, from the
// left, so "/v1/books/draft" may stand beside "/v1/books/{id}".
#ifndef DOLEN_CONNECTORS_HTTP_ROUTER_H_
#define DOLEN_CONNECTORS_HTTP_ROUTER_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "connectors/http/http.h"

namespace dolen {

// The decoded text of each named segment of the pattern; never empty.
using PathArguments = absl::btree_map<std::string, std::string>;

// Called by several threads at once. What goes wrong inside is told as an answer (Problem).
using HttpHandler = std::function<HttpResponse(const HttpRequest&, const PathArguments&)>;

class Router {
 public:
  // Methods are in capitals. The program is wrong (DOLEN_CHECK) if the pattern does not begin with
  // a slash, names a segment twice, or matches the same paths as an earlier one of that method.
  void Add(absl::string_view method, absl::string_view pattern, HttpHandler handler);

  // What the handler says; 404 if no pattern matches the path, 405 with "allow" if only other
  // methods have it. HEAD goes to GET's handler, whose body the server leaves out.
  HttpResponse Answer(const HttpRequest& request) const;

  // Method and pattern of everything that was added, sorted.
  std::vector<std::pair<std::string, std::string>> Patterns() const;

 private:
  struct Segment {
    bool named;
    std::string text;
  };
  struct Route {
    std::string method;
    std::vector<Segment> pattern;
    HttpHandler handler;
  };
  static bool Matches(const Route& route, const std::vector<std::string>& path);
  // Negative: the one to prefer is `a`.
  static int Compare(const Route& a, const Route& b);

  std::vector<Route> routes_;
};

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_HTTP_ROUTER_H_
