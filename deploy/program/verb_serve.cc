// serve: the engine at work.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/optional.h"
#include "connectors/http/server.h"
#include "deploy/api/access_file.h"
#include "deploy/api/dashboard_files.h"
#include "deploy/api/reading_side.h"
#include "deploy/program/book_file.h"
#include "deploy/program/door.h"
#include "deploy/program/engine.h"
#include "deploy/program/notify.h"
#include "deploy/program/pages.h"
#include "deploy/program/routes.h"
#include "deploy/program/service.h"
#include "deploy/program/signals.h"
#include "deploy/program/verbs.h"
#include "deploy/program/watchdog.h"
#include "engine/base/say.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

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

// nullptr: nothing listens there.
absl::StatusOr<std::unique_ptr<HttpServer>> OpenTcp(Service& service, const ServeFlags& flags,
                                                    ReadingSide* reading,
                                                    const DashboardFiles* dashboard) {
  if (flags.listen.empty()) return std::unique_ptr<HttpServer>();
  DOLEN_ASSIGN_OR_RETURN(const TcpDoor door, TcpDoorOf(flags.listen));
  if (door.port == 0) return absl::InvalidArgumentError("--listen: say which port");
  return OpenPages(service, door, reading, dashboard);
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
  DOLEN_ASSIGN_OR_RETURN(const std::unique_ptr<DashboardFiles> dashboard,
                         ReadDashboard(flags.dashboard, reading.get()));
  DOLEN_ASSIGN_OR_RETURN(std::unique_ptr<HttpServer> pages,
                         OpenTcp(service, flags, reading.get(), dashboard.get()));
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
