// What is answered on TCP: the pages of signed links, and whether the process is well. Nothing
// else, and nothing without a signed link that is about a child.
//
//   GET  /healthz   its threads turn
//   GET  /readyz    it tells what falls due: 200, or 503 with what is missing
//   GET  /metrics   numbers for Prometheus
//   GET  /alerts/{alert}?child=&until=&sign=    shows, and changes nothing
//   POST the same, with the page's form         answers the alert, and leads back to it
#ifndef DOLEN_DEPLOY_PROGRAM_PUBLIC_ROUTES_H_
#define DOLEN_DEPLOY_PROGRAM_PUBLIC_ROUTES_H_

#include "connectors/http/router.h"
#include "deploy/program/service.h"

namespace dolen {

// `service` outlives the router.
Router PublicRoutesOf(Service* service);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_PUBLIC_ROUTES_H_
