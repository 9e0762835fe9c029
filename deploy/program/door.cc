#include "deploy/program/door.h"

#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(90);

}  // namespace

std::string SocketOf(const Place& place) { return place.data + "/dolen.sock"; }

absl::StatusOr<std::unique_ptr<Door>> Door::Open(const Place& place, WhereNone where_none) {
  std::unique_ptr<Door> door(new Door());
  if (SomebodyListens(SocketOf(place))) {
    door->client_ = std::make_unique<HttpClient>(SocketOf(place));
    return door;
  }
  const bool is_there =
      std::filesystem::exists(place.data + (place.kafka.empty() ? "/log" : "/secret"));
  if (!is_there && where_none == WhereNone::kRefuse) {
    return absl::NotFoundError(
        absl::StrCat("there is no installation in ", place.data,
                     "; name its folder with --data, or begin one with: dolen serve"));
  }
  DOLEN_ASSIGN_OR_RETURN(door->engine_, Engine::Open(place, GuardedClock::Machine()));
  DOLEN_RETURN_IF_ERROR(door->engine_->CatchUp());
  door->service_ = std::make_unique<Service>(door->engine_.get());
  door->router_ = RoutesOf(door->service_.get());
  return door;
}

absl::StatusOr<std::string> Door::Ask(const HttpRequest& request) {
  HttpResponse response;
  if (client_ != nullptr) {
    DOLEN_ASSIGN_OR_RETURN(response, client_->Call(request, kPatience));
  } else {
    response = router_.Answer(request);
    // No thread does it: what was written is admitted and folded before the verb ends.
    if (request.method == "POST") {
      DOLEN_RETURN_IF_ERROR(engine_->RefreshIntake());
      DOLEN_RETURN_IF_ERROR(engine_->CatchUp());
    }
  }
  DOLEN_RETURN_IF_ERROR(StatusOf(response));
  return response.body;
}

HttpRequest Get(std::vector<std::string> path, const Common& common) {
  HttpRequest request;
  request.path = std::move(path);
  request.query["format"] = common.format;
  return request;
}

HttpRequest Post(std::vector<std::string> path, std::string body) {
  HttpRequest request;
  request.method = "POST";
  request.path = std::move(path);
  request.body = std::move(body);
  request.content_type = "application/octet-stream";
  return request;
}

}  // namespace dolen
