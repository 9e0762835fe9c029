// The door to an installation for the verbs: the socket of the `dolen serve` that runs on its
// folder, or, where none runs, the folder itself. Either way the same routes answer.
#ifndef DOLEN_DEPLOY_PROGRAM_DOOR_H_
#define DOLEN_DEPLOY_PROGRAM_DOOR_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "connectors/http/client.h"
#include "connectors/http/http.h"
#include "deploy/program/routes.h"
#include "deploy/program/verbs.h"

namespace dolen {

// Where `serve` answers.
std::string SocketOf(const Place& place);

enum class WhereNone { kMake, kRefuse };  // what to do where there is no installation yet

class Door {
 public:
  // kNotFound with kRefuse where there is no installation. On Kafka, a question where no store is
  // at hand is answered from temporary ones; the folder must hold the installation's secret.
  static absl::StatusOr<std::unique_ptr<Door>> Open(const Place& place, WhereNone where_none);

  ~Door();

  // The body of a good answer, or the error that the answer says.
  absl::StatusOr<std::string> Ask(const HttpRequest& request);

  // True: nobody serves, the folder was opened by this process.
  bool is_own() const { return engine_ != nullptr; }

 private:
  Door() = default;
  absl::Status OpenFolder(Place place, WhereNone where_none);
  std::string temporary_;  // folder to be removed; empty: none
  std::unique_ptr<HttpClient> client_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Service> service_;
  Router router_;
};

HttpRequest Get(std::vector<std::string> path, const Common& common);
HttpRequest Post(std::vector<std::string> path, std::string body = {});

// Prints what was answered, with a line's end, or why there is no answer; returns the exit code.
int Print(const absl::StatusOr<std::string>& answer);
// One question to an installation that must be there.
int AskAndPrint(const Common& common, const HttpRequest& request);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_DOOR_H_
