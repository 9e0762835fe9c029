#include "deploy/program/pages.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "connectors/http/tls.h"
#include "deploy/program/public_routes.h"

namespace dolen {
namespace {

// Connections at once: a stream for each page that somebody has open, and what they ask.
constexpr int kMostReaders = 4096;

absl::optional<TlsOptions> TlsOf(const ReadingSide* reading) {
  if (reading == nullptr || !reading->access().has_tls()) return absl::nullopt;
  const access::v1::Tls& tls = reading->access().tls();
  TlsOptions options;
  options.certificate_chain_file = tls.certificate_file();
  options.private_key_file = tls.key_file();
  options.client_authority_file = tls.client_authority_file();
  options.client_certificate_required = false;  // people have tokens
  return options;
}

}  // namespace

absl::StatusOr<TcpDoor> TcpDoorOf(const std::string& listen) {
  TcpDoor door;
  const size_t colon = listen.rfind(':');
  if (colon != std::string::npos) door.address = listen.substr(0, colon);
  const std::string port = colon == std::string::npos ? listen : listen.substr(colon + 1);
  if (absl::SimpleAtoi(port, &door.port) && door.port >= 0 && door.port < 65536) return door;
  return absl::InvalidArgumentError(
      absl::StrCat("--listen: \"", listen, "\" is neither PORT nor ADDRESS:PORT"));
}

absl::StatusOr<std::unique_ptr<DashboardFiles>> ReadDashboard(const std::string& folder,
                                                              const ReadingSide* reading) {
  if (folder.empty()) return std::unique_ptr<DashboardFiles>();
  return DashboardFiles::Read(folder,
                              reading == nullptr ? "" : reading->access().provider().issuer());
}

absl::StatusOr<std::unique_ptr<HttpServer>> OpenPages(Service& service, const TcpDoor& door,
                                                      ReadingSide* reading,
                                                      const DashboardFiles* dashboard) {
  Router routes = PublicRoutesOf(&service);
  if (reading != nullptr) reading->AddTo(routes);
  if (dashboard != nullptr) dashboard->AddTo(routes);
  HttpServerOptions options;
  options.max_connections = kMostReaders;
  return HttpServer::ListenOnTcp(door.address, door.port, TlsOf(reading), std::move(routes),
                                 options);
}

}  // namespace dolen
