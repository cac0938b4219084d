#include "server/http/page_policy.h"

#include <openssl/evp.h>

#include <vector>

#include "server/assets/base64.h"
#include "server/lower_case.h"

namespace vivavox {

namespace {

/// 'sha256-…', as a policy names a script.
std::string source_of(std::string_view script) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  EVP_Digest(script.data(), script.size(), reinterpret_cast<unsigned char*>(digest.data()), &length,
             EVP_sha256(), nullptr);
  digest.resize(length);
  return "'sha256-" + to_base64(digest) + "'";
}

/// The scripts that stand in the page itself.
std::vector<std::string_view> inline_scripts(std::string_view html) {
  const std::string lower = lower_case(html);
  std::vector<std::string_view> scripts;
  for (std::size_t at = lower.find("<script"); at != lower.npos; at = lower.find("<script", at)) {
    const std::size_t tag_end = lower.find('>', at);
    const std::size_t end = lower.find("</script", tag_end);
    if (tag_end == lower.npos || end == lower.npos) break;
    if (!std::string_view(lower).substr(at, tag_end - at).contains(" src=")) {
      scripts.push_back(html.substr(tag_end + 1, end - tag_end - 1));
    }
    at = end;
  }
  return scripts;
}

}  // namespace

std::string page_policy(std::string_view html) {
  std::string scripts;
  for (const std::string_view script : inline_scripts(html)) scripts += " " + source_of(script);
  return "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" + scripts +
         "; connect-src 'self' data: blob:; img-src 'self' data: blob:; media-src 'self' blob:; "
         "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
}

}  // namespace vivavox
