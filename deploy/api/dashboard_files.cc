#include "deploy/api/dashboard_files.h"

#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "deploy/program/book_file.h"
#include "engine/base/status.h"

namespace dolen {
namespace {

namespace fs = std::filesystem;

constexpr char kPage[] = "index.html";

// Nothing but its own files, no frame around it, and questions to here and to the provider alone.
std::string PolicyFor(const std::string& provider) {
  // Of its address the scheme, the host and the port.
  const size_t host = provider.find("://");
  const std::string origin =
      host == std::string::npos ? "" : provider.substr(0, provider.find('/', host + 3));
  return absl::StrCat(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
      "connect-src 'self'",
      origin.empty() ? "" : " ", origin,
      "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
}

// No address travels on.
const std::pair<const char*, const char*> kHeaders[] = {
    {"referrer-policy", "no-referrer"},
    {"x-content-type-options", "nosniff"},
    {"permissions-policy", "camera=(), geolocation=(), microphone=()"}};

std::string TypeOf(const std::string& path) {
  const std::pair<const char*, const char*> types[] = {{".html", "text/html; charset=utf-8"},
                                                       {".js", "text/javascript; charset=utf-8"},
                                                       {".css", "text/css; charset=utf-8"},
                                                       {".svg", "image/svg+xml"},
                                                       {".json", "application/json"},
                                                       {".png", "image/png"},
                                                       {".woff2", "font/woff2"},
                                                       {".ico", "image/x-icon"},
                                                       {".txt", "text/plain; charset=utf-8"}};
  for (const auto& [end, type] : types) {
    if (absl::EndsWith(path, end)) return type;
  }
  return "application/octet-stream";
}

}  // namespace

absl::StatusOr<std::unique_ptr<DashboardFiles>> DashboardFiles::Read(const std::string& folder,
                                                                     const std::string& provider) {
  std::unique_ptr<DashboardFiles> files(new DashboardFiles());
  files->policy_ = PolicyFor(provider);
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (!at->is_regular_file()) continue;
    const std::string path = fs::relative(at->path(), folder).string();
    DOLEN_ASSIGN_OR_RETURN(std::string body, ReadFile(at->path().string()));
    files->files_[path] = {TypeOf(path), std::move(body)};
  }
  if (files->files_.contains(kPage)) return files;
  return absl::NotFoundError(
      absl::StrCat("there is no dashboard in ", folder, "; make one: deploy/build-dashboard"));
}

HttpResponse DashboardFiles::Answer(const std::string& path) const {
  const auto its = files_.find(path);
  if (its == files_.end()) return Problem(404, "not_found", "there is no such file");
  HttpResponse response;
  response.content_type = its->second.type;
  response.body = its->second.body;
  for (const auto& [name, value] : kHeaders) response.headers[name] = value;
  response.headers["content-security-policy"] = policy_;
  // Names of assets hold a hash of what is in them.
  response.headers["cache-control"] =
      absl::StartsWith(path, "assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  return response;
}

void DashboardFiles::AddTo(Router& router) const {
  // The page itself knows which language somebody chose here before.
  router.Add("GET", "/",
             [this](const HttpRequest&, const PathArguments&) { return Answer(kPage); });
  for (const auto& [path, file] : files_) {
    if (path == kPage) continue;
    router.Add("GET", "/" + path, [this, path = path](const HttpRequest&, const PathArguments&) {
      return Answer(path);
    });
  }
  for (const char* const language : {"/en", "/cy"}) {
    std::string pattern = language;
    for (const char* const deeper : {"", "/{a}", "/{b}", "/{c}"}) {
      pattern += deeper;
      router.Add("GET", pattern,
                 [this](const HttpRequest&, const PathArguments&) { return Answer(kPage); });
    }
  }
}

}  // namespace dolen
