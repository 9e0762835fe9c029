#include "deploy/program/public_routes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "connectors/http/target.h"
#include "deploy/program/alert_page.h"
#include "deploy/program/measures.h"

namespace dolen {
namespace {

HttpResponse Page(int status, std::string html) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(html);
  // No script, no frame, no form to elsewhere, and the link does not travel on.
  response.headers = {{"content-security-policy",
                       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
                       "frame-ancestors 'none'; base-uri 'none'"},
                      {"referrer-policy", "no-referrer"},
                      {"x-content-type-options", "nosniff"}};
  return response;
}

HttpResponse ErrorPage(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kPermissionDenied:
      return Page(403, PlainPage("No way in / Dim mynediad", status.message()));
    case absl::StatusCode::kNotFound:
      return Page(404, PlainPage("Not found / Heb ei ganfod", status.message()));
    case absl::StatusCode::kInvalidArgument:
      return Page(400, PlainPage("Not taken / Heb ei dderbyn", status.message()));
    default:
      return Page(503, PlainPage("Not now / Ddim ar hyn o bryd",
                                 "It did not work just now. Go back and try again."));
  }
}

HttpResponse ShowPage(Service& service, const AlertName& alert, const HttpRequest& request) {
  const absl::StatusOr<AlertFile> file = service.desk().Look(alert);
  if (!file.ok()) return ErrorPage(file.status());
  return Page(200, AlertPage(*file, TargetOf(request), ""));
}

HttpResponse TakeForm(Service& service, const AlertName& alert, const HttpRequest& request) {
  const absl::StatusOr<Deed> deed = DeedOfForm(request, alert, service.engine().clock().Now());
  if (!deed.ok()) return ErrorPage(deed.status());
  const absl::StatusOr<std::string> done = service.desk().Do(*deed, Format::kText);
  if (!done.ok()) return ErrorPage(done.status());
  // Loading the page again must not do it again.
  HttpResponse response = Page(303, "");
  response.headers["location"] = TargetOf(request);
  return response;
}

HttpResponse Plain(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

HttpResponse Ready(Service& service) {
  std::string missing;
  for (const auto& [code, sentence] : service.engine().alarms().List()) {
    absl::StrAppend(&missing, code, "\n");
  }
  if (!service.engine().speaks()) absl::StrAppend(&missing, "folding\n");
  return missing.empty() ? Plain(200, "ready\n") : Plain(503, missing);
}

}  // namespace

Router PublicRoutesOf(Service* service) {
  Router router;
  router.Add("GET", "/healthz", [service](const HttpRequest&, const PathArguments&) {
    const bool is_well = service->engine().LongestStandstill() < kLongestStandstill;
    return is_well ? Plain(200, "well\n") : Plain(503, "a thread stands still\n");
  });
  router.Add("GET", "/readyz",
             [service](const HttpRequest&, const PathArguments&) { return Ready(*service); });
  router.Add("GET", "/metrics", [service](const HttpRequest&, const PathArguments&) {
    absl::StatusOr<std::string> text = MeasuresOf(*service);
    if (!text.ok()) return Plain(503, "");
    HttpResponse response = Plain(200, *std::move(text));
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  });
  const auto with_link = [service](auto answer) {
    return [service, answer](const HttpRequest& request, const PathArguments& path) {
      const absl::StatusOr<AlertName> alert =
          service->links().Check(path.at("alert"), request, service->engine().clock().Now());
      return alert.ok() ? answer(*service, *alert, request) : ErrorPage(alert.status());
    };
  };
  router.Add("GET", "/alerts/{alert}", with_link(ShowPage));
  router.Add("POST", "/alerts/{alert}", with_link(TakeForm));
  return router;
}

}  // namespace dolen
