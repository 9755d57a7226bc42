// Where an artifact is, as people write it:
//
//   HOST[:PORT]/NAME[:TAG][@DIGEST]    a repository of a registry (distribution specification 1.1, "Pulling
//   manifests") oci:DIR[:TAG][@DIGEST]             an OCI layout folder (image specification 1.1,
//   image-layout.md) oci-archive:FILE[:TAG][@DIGEST]    the same in a tar file, as skopeo and podman name it
//
// As in oras, there is no default host and no default tag. "docker.io" stands for the API host of Docker Hub.
#pragma once

#include "support/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

struct Reference {
    std::string host;             ///< with the port, if any: "localhost:5000"; empty for a layout
    std::string repository;       ///< "tools/opensnoop"; empty for a layout
    std::filesystem::path layout; ///< the folder or tar file; empty for a registry
    bool archive = false;         ///< `layout` is a tar file
    std::string tag;              ///< may be empty
    std::string digest;           ///< "sha256:…"; may be empty; wins over the tag

    bool is_layout() const { return !layout.empty(); }
    /// What asks for the manifest: the digest, else the tag, else nothing.
    const std::string& selector() const { return digest.empty() ? tag : digest; }
    /// Without tag and digest.
    std::string location() const;
    std::string text() const;
    /// The same place with nothing but this digest.
    Reference at(const std::string& manifest_digest) const;
    /// The same place with nothing but this tag.
    Reference tagged(const std::string& other_tag) const;
    bool operator==(const Reference&) const = default;
};

/// A usage error says which part is wrong and how it should look.
Result<Reference> parse_reference(std::string_view text);

/// HOST/NAME:1.2,1,latest: one thing under several tags, of which the first is in `reference`.
struct TaggedReference {
    Reference reference;
    std::vector<std::string> more_tags;

    /// One for each tag.
    std::vector<Reference> all() const;
};

Result<TaggedReference> parse_tagged_reference(std::string_view text);

/// [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}
bool is_tag(std::string_view text);
inline constexpr std::size_t max_tag_length = 128;
/// A tag made of a digest: sha256-HEX lists referrers, sha256-HEX.sig has cosign's older signatures. People
/// name nothing so.
bool is_digest_tag(std::string_view text);
/// Path components of lower-case letters and digits, with '.', '_', '__' or dashes inside.
bool is_repository(std::string_view text);
/// HOST[:PORT], as references and `ecc login` take it.
bool is_registry_host(std::string_view text);

/// True for localhost, *.localhost, 127.0.0.0/8 and [::1], with or without a port: hosts that may be spoken
/// to without TLS.
bool is_loopback(std::string_view host);

} // namespace ecc
