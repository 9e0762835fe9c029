#include "deploy/program/signed_link.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace dolen {

// A key of its own, so that no link is ever the digest of something else.
SignedLinks::SignedLinks(absl::string_view installation_secret)
    : digest_(KeyedDigest(installation_secret).Of("dolen signed links")) {}

std::string SignedLinks::Sign(const AlertName& alert, int64_t until) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return absl::WebSafeBase64Escape(
      digest_.Of(absl::StrCat(alert.alert_id, "\n", alert.child.Hex(), "\n", until)));
}

std::string SignedLinks::To(const AlertName& alert, absl::Time until) const {
  const int64_t seconds = absl::ToUnixSeconds(until);
  return absl::StrCat("/alerts/", alert.alert_id, "?child=", alert.child.Hex(), "&until=", seconds,
                      "&sign=", Sign(alert, seconds));
}

absl::StatusOr<AlertName> SignedLinks::Check(absl::string_view alert, const HttpRequest& request,
                                             absl::Time now) const {
  AlertName name;
  name.alert_id = std::string(alert);
  int64_t until = 0;
  const bool is_link = ChildKey::FromHex(QueryOf(request, "child"), name.child) &&
                       absl::SimpleAtoi(QueryOf(request, "until"), &until) &&
                       SameSecret(QueryOf(request, "sign"), Sign(name, until));
  if (!is_link) return absl::PermissionDeniedError("This link is not whole, or was never given.");
  if (now > absl::FromUnixSeconds(until)) {
    return absl::PermissionDeniedError(
        "This link has run out. Look at the alert with: dolen alerts show");
  }
  return name;
}

}  // namespace dolen
