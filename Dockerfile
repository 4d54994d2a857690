# collabd in an image without a shell, as a user without rights. It writes to /data only, so run it read-only:
#   docker build --tag collabd .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges --publish 3000:3000 \
#     --volume collabd:/data --volume ./secret:/run/secrets/collabd:ro \
#     --env COLLABD_AUTH_SECRET_FILE=/run/secrets/collabd collabd
# Without a key it does not start: a container is reached from elsewhere (see docs/security.md).

FROM node:22-bookworm-slim AS page
WORKDIR /source
COPY sdk sdk
COPY ui ui
RUN cd ui && npm ci && npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
COPY --from=page /source/ui/dist ui/dist
RUN cargo build --release --locked --package collabd-server --bin collabd && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /source/target/release/collabd /usr/bin/collabd
COPY --from=build --chown=nonroot:nonroot /data /data
ENV COLLABD_LISTEN=0.0.0.0:3000 COLLABD_DATA_DIR=/data
USER nonroot
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["/usr/bin/collabd"]
