// serve: the engine at work.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/optional.h"
#include "connectors/http/server.h"
#include "connectors/http/tls.h"
#include "deploy/api/access_file.h"
#include "deploy/api/dashboard_files.h"
#include "deploy/api/reading_side.h"
#include "deploy/program/book_file.h"
#include "deploy/program/door.h"
#include "deploy/program/engine.h"
#include "deploy/program/notify.h"
#include "deploy/program/public_routes.h"
#include "deploy/program/routes.h"
#include "deploy/program/service.h"
#include "deploy/program/signals.h"
#include "deploy/program/verbs.h"
#include "deploy/program/watchdog.h"
#include "engine/base/say.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

// Connections at once: a stream for each page that somebody has open, and what they ask.
constexpr int kMostReaders = 4096;

// Whether each partition has a book. A crash amid the first publication may leave one in some only.
bool EachHasABook(Engine& engine) {
  for (size_t i = 0; i < engine.shards(); ++i) {
    if (engine.WithShard(i, [](Shard& one) { return one.fold().books().publications() == 0; })) {
      return false;
    }
  }
  return true;
}

absl::Status PublishFirstBooks(Engine& engine, Service& service, const ServeFlags& flags) {
  if (flags.books.empty() || EachHasABook(engine)) return absl::OkStatus();
  // A store that is new, or behind its ledger, does not know yet which books there are.
  DOLEN_RETURN_IF_ERROR(engine.installation().Fold());
  if (EachHasABook(engine)) return absl::OkStatus();
  for (const std::string& file : flags.books) {
    DOLEN_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
    DOLEN_RETURN_IF_ERROR(service.PublishBook(file, text, "serve"));
  }
  return absl::OkStatus();
}

// nullptr: nobody may read but by signed links.
absl::StatusOr<std::unique_ptr<ReadingSide>> OpenReading(
    Service& service, const ServeFlags& flags,
    const absl::optional<routing::v1::Routing>& routing) {
  if (flags.access.empty()) return std::unique_ptr<ReadingSide>();
  if (flags.listen.empty()) {
    return absl::InvalidArgumentError(
        "--access says who may read, and nothing listens: add --listen");
  }
  DOLEN_ASSIGN_OR_RETURN(access::v1::Access access, ReadAccess(flags.access));
  return ReadingSide::Open(&service, std::move(access), routing ? &*routing : nullptr,
                           flags.access);
}

struct Listen {
  std::string address = "127.0.0.1";
  int port = 0;
};

absl::StatusOr<Listen> ListenOf(const std::string& listen) {
  Listen door;
  const size_t colon = listen.rfind(':');
  if (colon != std::string::npos) door.address = listen.substr(0, colon);
  const std::string port = colon == std::string::npos ? listen : listen.substr(colon + 1);
  if (absl::SimpleAtoi(port, &door.port) && door.port > 0 && door.port < 65536) return door;
  return absl::InvalidArgumentError(
      absl::StrCat("--listen: \"", listen, "\" is neither PORT nor ADDRESS:PORT"));
}

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

// The pages and the reading side on TCP; nullptr: nothing listens there. `reading` and `dashboard`
// may be nullptr; both outlive it.
absl::StatusOr<std::unique_ptr<HttpServer>> OpenPages(Service& service, const ServeFlags& flags,
                                                      ReadingSide* reading,
                                                      const DashboardFiles* dashboard) {
  if (flags.listen.empty()) return std::unique_ptr<HttpServer>();
  DOLEN_ASSIGN_OR_RETURN(const Listen door, ListenOf(flags.listen));
  Router routes = PublicRoutesOf(&service);
  if (reading != nullptr) reading->AddTo(routes);
  if (dashboard != nullptr) dashboard->AddTo(routes);
  HttpServerOptions options;
  options.max_connections = kMostReaders;
  return HttpServer::ListenOnTcp(door.address, door.port, TlsOf(reading), std::move(routes),
                                 options);
}

absl::Status Serve(const Common& common, const ServeFlags& flags) {
  BlockEndSignals();
  if (SomebodyListens(SocketOf(common.place))) {
    return absl::FailedPreconditionError(
        absl::StrCat("a dolen serve runs on ", common.place.data, " already"));
  }
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<Engine> engine,
                         Engine::Open(common.place, GuardedClock::Machine()));
  Service service(engine.get());
  DOLEN_RETURN_IF_ERROR(PublishFirstBooks(*engine, service, flags));
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<HttpServer> server,
                         HttpServer::Listen(SocketOf(common.place), RoutesOf(&service)));
  absl::optional<routing::v1::Routing> routing;
  if (!flags.routing.empty()) {
    DOLEN_ASSIGN_OR_RETURN(routing, ReadRouting(flags.routing));
  }
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<ReadingSide> reading,
                         OpenReading(service, flags, routing));
  std::unique_ptr<DashboardFiles> dashboard;
  if (!flags.dashboard.empty()) {
    const std::string provider = reading == nullptr ? "" : reading->access().provider().issuer();
    DOLEN_ASSIGN_OR_RETURN(dashboard, DashboardFiles::Read(flags.dashboard, provider));
  }
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<HttpServer> pages,
                         OpenPages(service, flags, reading.get(), dashboard.get()));
  engine->Start();
  std::unique_ptr<Notifier> notifier;
  if (routing) {
    DOLEN_ASSIGN_OR_RETURN(notifier, StartNotifier(&service, *routing));
    service.SetNotifier(notifier.get());
  }
  const Watchdog watchdog([&] { return engine->LongestStandstill() < kLongestStandstill; });
  Say(Severity::kInfo, "serving").Field("shards", static_cast<int64_t>(engine->shards()));
  absl::PrintF("dolen serves %s; it answers on %s; Ctrl-C ends it\n",
               common.place.kafka.empty() ? "the local log" : common.place.kafka,
               SocketOf(common.place));
  std::fflush(stdout);
  WaitForEndSignal();
  pages.reset();
  server.reset();
  notifier.reset();
  engine->Stop();
  Say(Severity::kInfo, "stopped");
  return absl::OkStatus();
}

}  // namespace

int RunServe(const Common& common, const ServeFlags& flags) {
  const absl::Status status = Serve(common, flags);
  return status.ok() ? kDone : Fail(status);
}

}  // namespace dolen
