// The HTTP routes of an installation: what the socket of `dolen serve` answers, and what the verbs
// ask.
//
//   GET  /v1/children/{issuer}/{value}/timeline?as_of=&known_at=&known_to=&format=
//   GET  /v1/alerts?accountable=&level=&limit=&format=
//   GET  /v1/alerts/{alert}?format=
//   GET  /v1/alerts/{alert}/link           path and query of a signed link to its page
//   POST /v1/alerts/actions?format=        body: {"did":"acknowledged","alerts":[...],"by":...,
//        "note":...,"until":...,"to":...}; "all":true with "accountable" and "level" in place of
//        "alerts"
//   GET  /v1/quarantine?reason=&agency=&state=&format=
//   GET  /v1/quarantine/{offset}?format=
//   POST /v1/quarantine/{offset}/retry?by=
//   POST /v1/quarantine/{offset}/set-aside?by=&why=
//   POST /v1/admit    POST /v1/publish       bodies: dolen.ledger.v1.Delivery
//   GET  /v1/ends     GET  /v1/count?topic=&from=
//   GET  /v1/backfills?format=
//   POST /v1/backfills/{name}/begin?by=    POST /v1/backfills/{name}/end?by=
//   POST /v1/books?file=&by=               body: the book's text
//   GET  /v1/revision?format=    POST /v1/revision/release?quiet=&by=
//   GET  /v1/destinations?format=    POST /v1/destinations/{name}/send-again
//   GET  /v1/audit/verify?noted=&format=    GET /v1/audit/readers/{issuer}/{value}?format=
//   GET  /v1/doctor    POST /v1/doctor/confirm-time
#ifndef DOLEN_DEPLOY_PROGRAM_ROUTES_H_
#define DOLEN_DEPLOY_PROGRAM_ROUTES_H_

#include "connectors/http/router.h"
#include "deploy/program/service.h"

namespace dolen {

// `service` outlives the router.
Router RoutesOf(Service* service);

// The answer that says an error; and the error that an answer says.
HttpResponse ResponseOf(const absl::Status& status);
absl::Status StatusOf(const HttpResponse& response);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_ROUTES_H_
