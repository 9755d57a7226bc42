#include "packager/oci/registry.h"

#include "packager/json.h"
#include "packager/oci/image_manifest.h"
#include "support/digest.h"

#include <cstdlib>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::size_t max_shown_reply = 300;

/// Everything that could be there, so that a wrong artifact is named for what it is. Without Accept,
/// docker-registry answers 404 to OCI manifests.
const std::string accept_manifests =
    fmt::format("Accept: {}, {}, {}, {}", media_type::image_manifest, media_type::image_index,
                media_type::docker_manifest, media_type::docker_list);

std::string api_host(const std::string& host) {
    return host == "docker.io" ? "registry-1.docker.io" : host;
}

/// {"errors":[{"code","message"}]} if the reply has it, else the beginning of its text.
std::string explanation(const HttpReply& reply) {
    const auto document = parse_json(reply.body);
    if (document.is_object() && document.contains("errors") && document["errors"].is_array())
        for (const auto& error : document["errors"])
            if (error.is_object())
                return fmt::format("{} ({})", string_at(error, "message"), string_at(error, "code"));
    return reply.body.substr(0, max_shown_reply);
}

std::string media_type_of(const HttpReply& reply) {
    std::string type = reply.header("content-type");
    return type.substr(0, type.find_first_of("; "));
}

} // namespace

Registry::Registry(const Reference& reference, const StoreOptions& options)
    : target_{reference.host, reference.repository, options.access}, http_(options.plain_http),
      environment_([](const char* name) { return std::getenv(name); }) {}

Result<std::unique_ptr<Store>> Registry::open(const Reference& reference, const StoreOptions& options) {
    std::unique_ptr<Registry> registry(new Registry(reference, options));
    ECC_CHECK(registry->choose_scheme(options.plain_http));
    return registry;
}

Result<void> Registry::choose_scheme(bool plain_http) {
    const std::string host = api_host(target_.host);
    ECC_TRY(base_, parse_url(fmt::format("https://{}/", host)));
    bool tls = !plain_http;
    if (tls && is_loopback(host)) {
        ECC_TRY(tls, http_.speaks_tls(base_));
    }
    if (!tls) {
        ECC_TRY(base_, parse_url(fmt::format("http://{}/", host)));
    }
    return {};
}

Result<HttpRequest> Registry::request(std::string method, const std::string& path) const {
    HttpRequest request{.method = std::move(method)};
    ECC_TRY(request.url, parse_url(fmt::format("{}v2/{}/{}", base_.text, target_.repository, path)));
    return request;
}

Result<HttpReply> Registry::send(HttpRequest request) {
    const bool ours =
        request.url.same_origin(base_); // an upload may be sent elsewhere; our login is not for there
    if (ours)
        request.authorization = authorization_;
    ECC_TRY(auto reply, http_.send(request));
    if (reply.status != 401 || !ours)
        return reply;
    ECC_TRY(authorization_, authorize(http_, reply, target_, environment_));
    request.authorization = authorization_;
    return http_.send(std::move(request));
}

Error Registry::failure(const std::string& doing, const HttpReply& reply) const {
    std::string reason = explanation(reply);
    if (reply.status == 401 || reply.status == 403)
        return denied(target_, environment_, reason.empty() ? "the login is not accepted" : reason);
    return {Fault::environment, target_.host,
            fmt::format("the registry answers {} when asked to {}{}{}", reply.status, doing,
                        reason.empty() ? "" : ": ", reason),
            reply.status >= 500 || reply.status == 429 ? "try again later, or ask the registry's operator"
                                                       : ""};
}

Result<bool> Registry::has_blob(const Descriptor& blob) {
    ECC_TRY(auto head, request("HEAD", "blobs/" + blob.digest));
    ECC_TRY(auto reply, send(std::move(head)));
    if (reply.ok())
        return true;
    if (reply.status == 404)
        return false;
    return std::unexpected(failure("look for a blob", reply));
}

Result<void> Registry::put_blob(const Descriptor& blob, ByteView content, const Progress& progress) {
    ECC_TRY(auto start, request("POST", "blobs/uploads/"));
    ECC_TRY(auto session, send(std::move(start)));
    if (session.status != 202 || session.header("location").empty())
        return std::unexpected(failure("start an upload", session));

    HttpRequest put{.method = "PUT",
                    .content_type = "application/octet-stream",
                    .body = content,
                    .upload_progress = progress};
    ECC_TRY(Url location, resolve_url(session.url, session.header("location")));
    if (base_.scheme == "https" && location.scheme == "http")
        return environment_error(target_.host, "sends uploads to a URL without TLS",
                                 "ask the registry's operator");
    ECC_TRY(put.url, with_query(location, {{"digest", blob.digest}}));
    ECC_TRY(auto reply, send(std::move(put)));
    if (reply.status != 201)
        return std::unexpected(failure("store a blob", reply));
    return {};
}

Result<void> Registry::get_blob(const Descriptor& blob, const Sink& sink) {
    ECC_TRY(auto get, request("GET", "blobs/" + blob.digest));
    get.sink = sink;
    ECC_TRY(auto reply, send(std::move(get)));
    if (reply.status == 404)
        return input_error(
            target_.host + "/" + target_.repository,
            fmt::format("the registry does not have {}, which the manifest names", blob.digest),
            "push the package again");
    if (reply.status != 200)
        return std::unexpected(failure("send a blob", reply));
    return {};
}

Result<void> Registry::put_manifest(const Descriptor& manifest, std::string_view text,
                                    const std::string& tag) {
    ECC_TRY(auto put, request("PUT", "manifests/" + (tag.empty() ? manifest.digest : tag)));
    put.content_type = manifest.media_type;
    put.body = as_bytes(text);
    ECC_TRY(auto reply, send(std::move(put)));
    if (reply.status != 201)
        return std::unexpected(failure("store the manifest", reply));
    std::string stored = reply.header("docker-content-digest");
    if (!stored.empty() && stored != manifest.digest)
        return environment_error(
            target_.host,
            fmt::format("the registry stored the manifest as {}; expected {}", stored, manifest.digest));
    return {};
}

Result<StoredManifest> Registry::get_manifest(const std::string& selector) {
    if (selector.empty())
        return std::unexpected(unknown_manifest(selector));
    ECC_TRY(auto get, request("GET", "manifests/" + selector));
    get.headers = {accept_manifests};
    get.reply_limit = max_image_manifest_size;
    ECC_TRY(auto reply, send(std::move(get)));
    if (reply.status == 404)
        return std::unexpected(unknown_manifest(selector));
    if (reply.status != 200)
        return std::unexpected(failure("send the manifest", reply));
    std::string promised = reply.header("docker-content-digest");
    if (std::string found = sha256_digest(as_bytes(reply.body));
        is_sha256_digest(promised) && promised != found)
        return input_error(
            target_.host + "/" + target_.repository,
            fmt::format("wrong digest: the manifest is {}; the registry says {}", found, promised),
            "the stored copy is damaged: delete it there and push it again");
    return StoredManifest{media_type_of(reply), std::move(reply.body)};
}

std::vector<std::string> Registry::tags() {
    auto get = request("GET", "tags/list");
    auto reply = get ? send(std::move(*get)) : std::unexpected(get.error());
    std::vector<std::string> tags;
    if (!reply || !reply->ok())
        return tags;
    const auto document = parse_json(reply->body);
    if (!document.is_object() || !document.contains("tags") || !document["tags"].is_array())
        return tags;
    for (const auto& tag : document["tags"])
        if (tag.is_string())
            tags.push_back(tag.get<std::string>());
    return tags;
}

Error Registry::unknown_manifest(const std::string& selector) {
    return unknown_selector(target_.host + "/" + target_.repository, selector, tags());
}

} // namespace ecc
