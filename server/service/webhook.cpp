#include "server/service/webhook.h"

#include <arpa/inet.h>
#include <httplib.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <format>
#include <future>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <thread>

#include "server/assets/base64.h"
#include "server/assets/hmac.h"
#include "server/http/access.h"
#include "server/lower_case.h"

namespace vivavox {

namespace {

constexpr std::size_t longest_url = 2000;
constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t least_secret_bytes = 24, most_secret_bytes = 64;
constexpr std::chrono::seconds resolving_patience{3}, connecting_patience{3}, call_patience{6};
/// A name's addresses are tried one after another.
constexpr std::size_t most_addresses = 2;

std::unexpected<Error> wrong_url(std::string_view why) {
  return fail(ErrorCode::invalid_argument, "a webhook's URL " + std::string(why));
}

bool is_plain(std::string_view target) {
  return std::ranges::all_of(target, [](char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
  });
}

/// "host", "host:port" or "[::1]:port" of an URL whose scheme is known.
Result<void> read_authority(std::string_view authority, WebhookUrl& url) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == authority.npos) return wrong_url("has an address without its ]");
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    in6_addr address{};
    if (::inet_pton(AF_INET6, url.host.c_str(), &address) != 1) {
      return wrong_url("has no IPv6 address between its brackets");
    }
  } else {
    const std::size_t colon = authority.find(':');
    url.host = authority.substr(0, colon);
    if (colon != authority.npos) port = authority.substr(colon);
    const bool is_name = std::ranges::all_of(url.host, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '-' || c == '.';
    });
    if (url.host.empty() || url.host.size() > 253 || !is_name) {
      return wrong_url("has no host's name where one belongs");
    }
  }
  url.host = lower_case(url.host);
  if (port.empty()) return {};
  const char* end = port.data() + port.size();
  const auto [read, error] = std::from_chars(port.data() + 1, end, url.port);
  const bool is_port = port.starts_with(':') && error == std::errc() && read == end;
  if (!is_port || url.port < 1 || url.port > 65535) return wrong_url("has a port that is none");
  return {};
}

struct Network {
  std::array<std::uint8_t, 4> address;
  int bits;
};
/// What is not the Internet's (RFC 6890): this machine, private networks, the provider's,
/// what links carry, documentation, benchmarks, many at once, nobody yet.
constexpr Network private_networks[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},  {{192, 0, 0, 0}, 24},  {{192, 0, 2, 0}, 24},
    {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 3}};

/// Whether two addresses begin with the same bits.
bool starts_alike(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, int bits) {
  for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
    const int shift = std::max(0, 8 - bits);
    if (a[i] >> shift != b[i] >> shift) return false;
  }
  return true;
}

bool is_public_v4(std::span<const std::uint8_t> address) {
  return std::ranges::none_of(private_networks, [&](const Network& network) {
    return starts_alike(address, network.address, network.bits);
  });
}

/// Of IPv6 only what is given out (2000::/3), without what carries IPv4 addresses inside
/// (Teredo, 6to4), other protocols' and documentation.
bool is_public_v6(std::span<const std::uint8_t> address) {
  const auto is_below = [&](std::array<std::uint8_t, 4> prefix, int bits) {
    return starts_alike(address, prefix, bits);
  };
  return is_below({0x20, 0, 0, 0}, 3) && !is_below({0x20, 0x01, 0, 0}, 23) &&
         !is_below({0x20, 0x01, 0x0d, 0xb8}, 32) && !is_below({0x20, 0x02, 0, 0}, 16) &&
         !is_below({0x3f, 0xff, 0, 0}, 20);
}

/// An address in digits.
std::string text_of(const sockaddr& address, socklen_t length) {
  char text[NI_MAXHOST] = "";
  ::getnameinfo(&address, length, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

using AddressList = std::unique_ptr<addrinfo, decltype([](addrinfo* list) {
                                      if (list) ::freeaddrinfo(list);
                                    })>;

/// The system may take minutes to find out that there is no name server: it is not
/// waited for so long.
AddressList look_up(const std::string& host) {
  auto promise = std::make_shared<std::promise<AddressList>>();
  auto found = promise->get_future();
  std::thread([promise, host] {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0) list = nullptr;
    promise->set_value(AddressList(list));
  }).detach();
  if (found.wait_for(resolving_patience) != std::future_status::ready) return nullptr;
  return found.get();
}

/// Posts to one address; the status.
Result<int> post(const WebhookUrl& url, const std::string& address, const httplib::Headers& headers,
                 const std::string& body) {
  std::unique_ptr<httplib::ClientImpl> client;
  if (url.is_https) {
    client = std::make_unique<httplib::SSLClient>(url.host, url.port);
  } else {
    client = std::make_unique<httplib::ClientImpl>(url.host, url.port);
  }
  // The address that was found to be right, whatever the name means meanwhile.
  client->set_hostname_addr_map({{url.host, address}});
  client->set_follow_location(false);
  client->set_connection_timeout(connecting_patience);
  client->set_read_timeout(call_patience);
  client->set_write_timeout(call_patience);
  client->set_max_timeout(call_patience);
  httplib::Request request;
  request.method = "POST";
  request.path = url.target;
  request.headers = headers;
  request.body = body;
  // Its status is all that counts; what else it says is not read.
  std::optional<int> status;
  request.response_handler = [&](const httplib::Response& response) {
    status = response.status;
    return false;
  };
  httplib::Response response;
  auto error = httplib::Error::Success;
  const bool sent = client->send(request, response, error);
  if (status) return *status;
  if (sent) return response.status;
  return fail(ErrorCode::unavailable,
              std::format("{} did not answer: {}", url.origin, httplib::to_string(error)));
}

}  // namespace

Result<WebhookUrl> read_webhook_url(std::string_view text) {
  if (text.size() > longest_url) return wrong_url("has at most 2000 characters");
  WebhookUrl url;
  url.is_https = text.starts_with("https://");
  if (!url.is_https && !text.starts_with("http://")) return wrong_url("begins with https://");
  url.port = url.is_https ? 443 : 80;
  const int own_port = url.port;
  const std::string_view rest = text.substr(url.is_https ? 8 : 7);
  const std::size_t end = std::min(rest.size(), rest.find_first_of("/?#"));
  if (auto read = read_authority(rest.substr(0, end), url); !read) {
    return std::unexpected(read.error());
  }
  url.target = rest.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  if (!is_plain(url.target)) {
    return wrong_url("has a fragment, or characters that belong escaped (%20)");
  }
  const std::string host = url.host.find(':') == url.host.npos ? url.host : "[" + url.host + "]";
  url.origin = std::format("{}://{}", url.is_https ? "https" : "http", host);
  if (url.port != own_port) url.origin += std::format(":{}", url.port);
  return url;
}

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return is_public_v4({reinterpret_cast<const std::uint8_t*>(&v4), 4});
  }
  if (address.sa_family != AF_INET6) return false;
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  const std::span<const std::uint8_t> bytes(v6.s6_addr);
  return IN6_IS_ADDR_V4MAPPED(&v6) ? is_public_v4(bytes.subspan(12)) : is_public_v6(bytes);
}

std::string webhook_signature(std::string_view secret, std::string_view id, std::int64_t time_s,
                              std::string_view body) {
  const std::string signed_text = std::format("{}.{}.{}", id, time_s, body);
  return "v1," + to_base64(hmac_sha256(secret, signed_text));
}

Result<Webhooks> Webhooks::create(std::string_view secret, std::string_view allowed) {
  Webhooks webhooks;
  if (!secret.empty()) {
    const auto bytes = secret.starts_with(secret_prefix)
                           ? from_base64(secret.substr(secret_prefix.size()))
                           : std::nullopt;
    if (!bytes || bytes->size() < least_secret_bytes || bytes->size() > most_secret_bytes) {
      return fail(ErrorCode::invalid_argument,
                  "WEBHOOK_SECRET is whsec_ and 24 to 64 bytes in base64: make one with echo "
                  "whsec_$(openssl rand -base64 32)");
    }
    webhooks.secret_ = *bytes;
  }
  for (const std::string_view origin : split_list(allowed)) {
    const auto url = read_webhook_url(origin);
    if (!url || url->target != "/") {
      return fail(
          ErrorCode::invalid_argument,
          "ALLOWED_WEBHOOKS has no origin like http://localhost:3000 in " + std::string(origin));
    }
    webhooks.allowed_.push_back(url->origin);
  }
  return webhooks;
}

/// What can be said of a URL without asking for its address.
Result<WebhookUrl> Webhooks::check(std::string_view text) const {
  if (secret_.empty()) {
    return fail(ErrorCode::invalid_argument,
                "webhooks are signed, and this service has no WEBHOOK_SECRET to sign them with");
  }
  auto url = read_webhook_url(text);
  if (!url) return url;
  if (!url->is_https && !std::ranges::contains(allowed_, url->origin)) {
    return wrong_url("begins with https://, except for origins in ALLOWED_WEBHOOKS");
  }
  return url;
}

/// In digits. Errors: unavailable (none are known), invalid_argument (one is private).
Result<std::vector<std::string>> Webhooks::addresses_of(const WebhookUrl& url) const {
  const AddressList list = look_up(url.host);
  const bool may_be_private = std::ranges::contains(allowed_, url.origin);
  std::vector<std::string> addresses;
  for (const addrinfo* one = list.get(); one; one = one->ai_next) {
    if (!may_be_private && !is_public_address(*one->ai_addr)) {
      return wrong_url(
          "leads to an address of this machine or its network, which only origins in "
          "ALLOWED_WEBHOOKS may");
    }
    addresses.push_back(text_of(*one->ai_addr, one->ai_addrlen));
  }
  if (addresses.empty()) {
    return fail(ErrorCode::unavailable, "the address of " + url.host + " is not known");
  }
  return addresses;
}

Result<void> Webhooks::admit(std::string_view text) const {
  const auto url = check(text);
  if (!url) return std::unexpected(url.error());
  const auto addresses = addresses_of(*url);
  // A name server that is away now may be back when the job is done.
  if (addresses || addresses.error().code == ErrorCode::unavailable) return {};
  return std::unexpected(addresses.error());
}

Result<void> Webhooks::call(std::string_view text, const std::string& id, const std::string& body,
                            std::int64_t time_s) const {
  const auto url = check(text);
  if (!url) return std::unexpected(url.error());
  const auto addresses = addresses_of(*url);
  if (!addresses) return std::unexpected(addresses.error());
  const httplib::Headers headers{
      {"Content-Type", "application/json"},
      {"User-Agent", "vivavox/" VIVAVOX_VERSION},
      {"webhook-id", id},
      {"webhook-timestamp", std::to_string(time_s)},
      {"webhook-signature", webhook_signature(secret_, id, time_s, body)}};
  Result<int> status;
  for (const std::string& address : *addresses | std::views::take(most_addresses)) {
    status = post(*url, address, headers, body);
    if (status) break;
  }
  if (!status) return std::unexpected(status.error());
  if (*status >= 200 && *status < 300) return {};
  return fail(
      ErrorCode::unavailable,
      std::format("{} answered {}{}", url->origin, *status,
                  *status >= 300 && *status < 400 ? ", and redirects are not followed" : ""));
}

}  // namespace vivavox
