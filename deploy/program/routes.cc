#include "deploy/program/routes.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "deploy/program/audit_desk.h"
#include "deploy/program/deed.h"
#include "deploy/program/notify.h"
#include "deploy/program/upkeep.h"
#include "nlohmann/json.hpp"

namespace dolen {
namespace {

struct Code {
  absl::StatusCode status;
  int http;
  const char* name;
};
constexpr Code kCodes[] = {
    {absl::StatusCode::kInvalidArgument, 400, "invalid"},
    {absl::StatusCode::kUnauthenticated, 401, "not_signed_in"},
    {absl::StatusCode::kPermissionDenied, 403, "not_allowed"},
    {absl::StatusCode::kNotFound, 404, "not_found"},
    {absl::StatusCode::kUnimplemented, 406, "not_acceptable"},
    {absl::StatusCode::kFailedPrecondition, 409, "not_now"},
    {absl::StatusCode::kResourceExhausted, 429, "too_many"},
    {absl::StatusCode::kDataLoss, 500, "damaged"},
    {absl::StatusCode::kUnavailable, 503, "unavailable"},
    {absl::StatusCode::kDeadlineExceeded, 504, "too_slow"},
    {absl::StatusCode::kInternal, 500, "failed"},
};

Format FormatOf(const HttpRequest& request) {
  return QueryOf(request, "format") == "text" ? Format::kText : Format::kJson;
}

HttpResponse Answer(const HttpRequest& request, const absl::StatusOr<std::string>& body) {
  if (!body.ok()) return ResponseOf(body.status());
  HttpResponse response;
  response.body = *body;
  if (FormatOf(request) == Format::kText) response.content_type = "text/plain; charset=utf-8";
  return response;
}

HttpResponse Answer(const absl::Status& status) {
  if (!status.ok()) return ResponseOf(status);
  HttpResponse response;
  response.body = "{\"done\":true}\n";
  return response;
}

int64_t OffsetOf(const PathArguments& arguments) {
  int64_t offset = -1;
  return absl::SimpleAtoi(arguments.at("offset"), &offset) ? offset : -1;
}

QuarantineFilter FilterOf(const HttpRequest& request) {
  QuarantineFilter filter;
  filter.reason = QueryOf(request, "reason");
  filter.agency = QueryOf(request, "agency");
  const std::string state = QueryOf(request, "state");
  if (state == "open") filter.state = QuarantineState::kOpen;
  if (state == "retried") filter.state = QuarantineState::kRetried;
  if (state == "set_aside") filter.state = QuarantineState::kSetAside;
  return filter;
}

HttpResponse AnswerAdmit(Service& service, const HttpRequest& request) {
  ledger::v1::Delivery delivery;
  if (!delivery.ParseFromString(request.body)) {
    return Problem(400, "invalid", "the body is no dolen.ledger.v1.Delivery");
  }
  const absl::StatusOr<ledger::v1::Delivered> delivered = service.Admit(delivery);
  if (!delivered.ok()) return ResponseOf(delivered.status());
  HttpResponse response;
  response.content_type = "application/protobuf";
  response.body = delivered->SerializeAsString();
  return response;
}

void AddReading(Service* service, Router& router) {
  router.Add("GET", "/v1/children/{issuer}/{value}/timeline",
             [service](const HttpRequest& request, const PathArguments& path) {
               const AskedPast past{QueryOf(request, "as_of"), QueryOf(request, "known_at"),
                                    QueryOf(request, "known_to")};
               return Answer(request, service->Timeline(path.at("issuer"), path.at("value"), past,
                                                        FormatOf(request)));
             });
  router.Add("GET", "/v1/ends", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(request, service->Ends());
  });
  router.Add("GET", "/v1/count", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(request, service->CountOf(QueryOf(request, "topic"), QueryOf(request, "from")));
  });
  router.Add("GET", "/v1/doctor", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(request, service->Doctor());
  });
}

void AddAlerts(Service* service, Router& router) {
  router.Add("GET", "/v1/alerts", [service](const HttpRequest& request, const PathArguments&) {
    AlertsQuery query;
    query.accountable = QueryOf(request, "accountable");
    query.level = QueryOf(request, "level");
    (void)absl::SimpleAtoi(QueryOf(request, "limit"), &query.limit);
    return Answer(request, service->desk().List(query, FormatOf(request)));
  });
  router.Add("GET", "/v1/alerts/{alert}",
             [service](const HttpRequest& request, const PathArguments& path) {
               return Answer(request, service->desk().Show(path.at("alert"), FormatOf(request)));
             });
  router.Add("GET", "/v1/alerts/{alert}/link",
             [service](const HttpRequest& request, const PathArguments& path) {
               const absl::StatusOr<AlertName> alert = service->desk().Find(path.at("alert"));
               if (!alert.ok()) return ResponseOf(alert.status());
               const absl::Time until = service->engine().clock().Now() + kLinkHolds;
               return Answer(request, service->links().To(*alert, until) + "\n");
             });
  router.Add("POST", "/v1/alerts/actions",
             [service](const HttpRequest& request, const PathArguments&) {
               const absl::StatusOr<Deed> deed = DeedOfJson(request.body);
               if (!deed.ok()) return ResponseOf(deed.status());
               return Answer(request, service->desk().Do(*deed, FormatOf(request)));
             });
}

void AddDestinations(Service* service, Router& router) {
  const absl::Status none =
      absl::NotFoundError("no notifier runs here: start dolen serve with --routing=FILE");
  router.Add(
      "GET", "/v1/destinations", [service, none](const HttpRequest& request, const PathArguments&) {
        if (service->notifier() == nullptr) return ResponseOf(none);
        return Answer(request, NotifierText(service->notifier()->Status(), FormatOf(request)));
      });
  router.Add("POST", "/v1/destinations/{name}/send-again",
             [service, none](const HttpRequest& request, const PathArguments& path) {
               if (service->notifier() == nullptr) return ResponseOf(none);
               const absl::StatusOr<int> again = service->notifier()->SendAgain(path.at("name"));
               if (!again.ok()) return ResponseOf(again.status());
               return Answer(request, absl::StrCat("{\"alerts\":", *again, "}\n"));
             });
}

void AddQuarantine(Service* service, Router& router) {
  router.Add("GET", "/v1/quarantine", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(request, service->ListQuarantine(FilterOf(request), FormatOf(request)));
  });
  router.Add("GET", "/v1/quarantine/{offset}",
             [service](const HttpRequest& request, const PathArguments& path) {
               return Answer(request, service->ShowQuarantine(OffsetOf(path), FormatOf(request)));
             });
  router.Add("POST", "/v1/quarantine/{offset}/retry",
             [service](const HttpRequest& request, const PathArguments& path) {
               return Answer(request, service->Retry(OffsetOf(path), QueryOf(request, "by")));
             });
  router.Add("POST", "/v1/quarantine/{offset}/set-aside",
             [service](const HttpRequest& request, const PathArguments& path) {
               return Answer(service->SetAside(OffsetOf(path), QueryOf(request, "by"),
                                               QueryOf(request, "why")));
             });
}

void AddWriting(Service* service, Router& router) {
  router.Add("POST", "/v1/admit", [service](const HttpRequest& request, const PathArguments&) {
    return AnswerAdmit(*service, request);
  });
  router.Add("POST", "/v1/publish", [service](const HttpRequest& request, const PathArguments&) {
    ledger::v1::Delivery delivery;
    if (!delivery.ParseFromString(request.body)) {
      return Problem(400, "invalid", "the body is no dolen.ledger.v1.Delivery");
    }
    return Answer(service->Publish(delivery));
  });
  router.Add("POST", "/v1/books", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(
        service->PublishBook(QueryOf(request, "file"), request.body, QueryOf(request, "by")));
  });
  router.Add("POST", "/v1/backfills/{name}/begin",
             [service](const HttpRequest& request, const PathArguments& path) {
               return Answer(service->BeginBackfill(path.at("name"), QueryOf(request, "by")));
             });
  router.Add("POST", "/v1/backfills/{name}/end",
             [service](const HttpRequest& request, const PathArguments& path) {
               return Answer(service->EndBackfill(path.at("name"), QueryOf(request, "by")));
             });
  router.Add("POST", "/v1/doctor/confirm-time",
             [service](const HttpRequest&, const PathArguments&) {
               return Answer(service->ConfirmTime());
             });
}

void AddUpkeep(Service* service, Router& router) {
  router.Add("GET", "/v1/revision", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(request, ShowRevision(service->engine(), FormatOf(request)));
  });
  router.Add("POST", "/v1/revision/release",
             [service](const HttpRequest& request, const PathArguments&) {
               return Answer(ReleaseRevision(service->engine(), QueryOf(request, "quiet") == "true",
                                             QueryOf(request, "by")));
             });
  router.Add("GET", "/v1/backfills", [service](const HttpRequest& request, const PathArguments&) {
    return Answer(request, ListBackfills(service->engine(), FormatOf(request)));
  });
}

void AddAuditRoutes(Service* service, Router& router) {
  router.Add(
      "GET", "/v1/audit/verify", [service](const HttpRequest& request, const PathArguments&) {
        Installation& installation = service->engine().installation();
        return Answer(request, VerifyAuditChain(installation.log(), installation.names(),
                                                QueryOf(request, "noted"), FormatOf(request)));
      });
  router.Add(
      "GET", "/v1/audit/readers/{issuer}/{value}",
      [service](const HttpRequest& request, const PathArguments& path) {
        const absl::StatusOr<absl::optional<ChildKey>> child =
            service->ChildOf(path.at("issuer"), path.at("value"));
        if (!child.ok()) return ResponseOf(child.status());
        if (!*child) {
          return ResponseOf(absl::NotFoundError("no child is known here under this identifier"));
        }
        Installation& installation = service->engine().installation();
        return Answer(request, ReadersOf(installation.log(), installation.names(), **child,
                                         FormatOf(request)));
      });
}

}  // namespace

Router RoutesOf(Service* service) {
  Router router;
  AddReading(service, router);
  AddAlerts(service, router);
  AddDestinations(service, router);
  AddQuarantine(service, router);
  AddWriting(service, router);
  AddUpkeep(service, router);
  AddAuditRoutes(service, router);
  return router;
}

HttpResponse ResponseOf(const absl::Status& status) {
  for (const Code& code : kCodes) {
    if (code.status == status.code()) return Problem(code.http, code.name, status.message());
  }
  return Problem(500, "failed", status.ToString());
}

absl::Status StatusOf(const HttpResponse& response) {
  if (response.status < 300) return absl::OkStatus();
  const nlohmann::json problem =
      nlohmann::json::parse(response.body, nullptr, /*allow_exceptions=*/false);
  const bool is_problem = problem.is_object() && problem.contains("code");
  const std::string sentence =
      is_problem ? problem.value("detail", "") : absl::StrCat("HTTP status ", response.status);
  const std::string name = is_problem ? problem.value("code", "") : "";
  for (const Code& code : kCodes) {
    if (name == code.name) return absl::Status(code.status, sentence);
  }
  return absl::UnknownError(sentence);
}

}  // namespace dolen
