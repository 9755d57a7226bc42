/* SPDX-License-Identifier: Apache-2.0 */
/* The version of libbpf whose API this library follows. */
#ifndef LIBBPF_VERSION_H
#define LIBBPF_VERSION_H

#define LIBBPF_MAJOR_VERSION 1
#define LIBBPF_MINOR_VERSION 7

#endif /* LIBBPF_VERSION_H */
