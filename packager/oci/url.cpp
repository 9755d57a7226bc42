#include "packager/oci/url.h"

#include "support/letter_case.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>

namespace ecc {
namespace {

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

CurlUrl new_url() {
    return {curl_url(), curl_url_cleanup};
}

std::string part(CURLU* url, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(url, which, &text, which == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK)
        return {};
    std::string copy = text;
    curl_free(text);
    return copy;
}

Result<Url> take_apart(CURLU* url, const std::string& shown) {
    Url parts{part(url, CURLUPART_URL), part(url, CURLUPART_SCHEME), lower_case(part(url, CURLUPART_HOST)),
              part(url, CURLUPART_PORT)};
    if ((parts.scheme != "http" && parts.scheme != "https") || parts.host.empty())
        return environment_error(shown, "is not a URL of http or https");
    return parts;
}

Result<Url> set_url(CurlUrl& url, const std::string& text) {
    std::string shown = text.substr(0, 200);
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK)
        return environment_error(shown, "is not a URL that a registry may send");
    return take_apart(url.get(), shown);
}

} // namespace

Result<Url> parse_url(const std::string& text) {
    CurlUrl url = new_url();
    return set_url(url, text);
}

Result<Url> resolve_url(const Url& base, const std::string& location) {
    CurlUrl url = new_url();
    ECC_CHECK(set_url(url, base.text));
    return set_url(url, location);
}

std::optional<std::string> public_url(const std::string& text) {
    CurlUrl url = new_url();
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return std::nullopt;
    if (part(url.get(), CURLUPART_SCHEME) == "ssh") {
        curl_url_set(url.get(), CURLUPART_SCHEME, "https", 0);
        curl_url_set(url.get(), CURLUPART_PORT, nullptr, 0);
    }
    for (CURLUPart secret :
         {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT})
        curl_url_set(url.get(), secret, nullptr, 0);
    auto parts = take_apart(url.get(), {});
    return parts ? std::optional(std::move(parts->text)) : std::nullopt;
}

Result<Url> with_query(const Url& base, const QueryParameters& parameters) {
    CurlUrl url = new_url();
    ECC_CHECK(set_url(url, base.text));
    for (const auto& [key, value] : parameters) {
        std::string pair = key + "=" + value;
        curl_url_set(url.get(), CURLUPART_QUERY, pair.c_str(), CURLU_APPENDQUERY | CURLU_URLENCODE);
    }
    return take_apart(url.get(), base.text);
}

std::string percent_encoded(const std::string& text) {
    const std::unique_ptr<char, decltype(&curl_free)> encoded(
        curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), curl_free);
    return encoded ? encoded.get() : "";
}

std::string form_encoded(const QueryParameters& parameters) {
    std::string form;
    for (const auto& [key, value] : parameters) {
        form += (form.empty() ? "" : "&") + key + "=" + percent_encoded(value);
    }
    return form;
}

} // namespace ecc
