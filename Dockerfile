# syntax=docker/dockerfile:1
# Debian, not Alpine: Temporal's native module needs glibc. The same Node the tests run on.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY activities ./activities
COPY workflows ./workflows
COPY src ./src
# Compiles, and bundles the workflows, so that a worker starts without a bundler.
RUN npm run build

FROM node:20.20.2-bookworm-slim AS modules
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev

FROM node:20.20.2-bookworm-slim
# The certificates are for Temporal's native client, which does not use Node's.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# The image's files stay root's; only the data folder is the service's to write. A new volume there takes this owner.
RUN mkdir -p data/media && chown -R node:node data
USER node
VOLUME /app/data
EXPOSE 3000
# node itself, not npm: so the signal that stops the container reaches it.
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["all"]
