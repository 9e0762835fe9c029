#include "deploy/program/door.h"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "deploy/program/progress.h"
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
  DOLEN_RETURN_IF_ERROR(door->OpenFolder(place, where_none));
  return door;
}

Door::~Door() {
  service_.reset();
  engine_.reset();
  std::error_code ignored;
  if (!temporary_.empty()) std::filesystem::remove_all(temporary_, ignored);
}

absl::Status Door::OpenFolder(Place place, WhereNone where_none) {
  const std::string mark = place.data + (place.kafka.empty() ? "/log" : "/secret");
  if (!std::filesystem::exists(mark) && where_none == WhereNone::kRefuse) {
    return absl::NotFoundError(
        absl::StrCat("there is no installation in ", place.data,
                     "; name its folder with --data, or begin one with: dolen serve"));
  }
  const bool has_store = std::filesystem::exists(place.data + "/shard-0");
  if (!place.kafka.empty() && !has_store && where_none == WhereNone::kRefuse) {
    temporary_ = MakeTemporaryFolder();
    std::error_code error;
    std::filesystem::copy_file(mark, temporary_ + "/secret", error);
    if (error) return absl::InternalError(absl::StrCat(mark, ": ", error.message()));
    place.data = temporary_;
  }
  DOLEN_ASSIGN_OR_RETURN(engine_, Engine::Open(place, GuardedClock::Machine()));
  DOLEN_RETURN_IF_ERROR(engine_->CatchUp());
  service_ = std::make_unique<Service>(engine_.get());
  router_ = RoutesOf(service_.get());
  return absl::OkStatus();
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

int Print(const absl::StatusOr<std::string>& answer) {
  if (!answer.ok()) return Fail(answer.status());
  std::fputs(answer->c_str(), stdout);
  if (!answer->empty() && answer->back() != '\n') std::fputc('\n', stdout);
  return kDone;
}

int AskAndPrint(const Common& common, const HttpRequest& request) {
  const absl::StatusOr<std::unique_ptr<Door>> door = Door::Open(common.place, WhereNone::kRefuse);
  if (!door.ok()) return Fail(door.status());
  return Print((*door)->Ask(request));
}

}  // namespace dolen
