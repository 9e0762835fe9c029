// What `serve` and `demo` answer on TCP: pages by signed link, health and numbers; the API for
// those who read; the dashboard.
#ifndef DOLEN_DEPLOY_PROGRAM_PAGES_H_
#define DOLEN_DEPLOY_PROGRAM_PAGES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "connectors/http/server.h"
#include "deploy/api/dashboard_files.h"
#include "deploy/api/reading_side.h"
#include "deploy/program/service.h"

namespace dolen {

struct TcpDoor {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: any that is free
};

// From "PORT" or "ADDRESS:PORT"; kInvalidArgument: it is neither.
absl::StatusOr<TcpDoor> TcpDoorOf(const std::string& listen);

// The dashboard in a folder; nullptr where none is named. `reading`: as for OpenPages.
absl::StatusOr<std::unique_ptr<DashboardFiles>> ReadDashboard(const std::string& folder,
                                                              const ReadingSide* reading);

// `reading` and `dashboard` may be nullptr; they and the service outlive it.
absl::StatusOr<std::unique_ptr<HttpServer>> OpenPages(Service& service, const TcpDoor& door,
                                                      ReadingSide* reading,
                                                      const DashboardFiles* dashboard);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_PAGES_H_
