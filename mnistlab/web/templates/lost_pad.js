
// Says so when the page has lost its pad, and keeps the drawing for the page that is loaded next.
(() => {
  const TEXTS = {
    en: {
      ended: 'The pad has ended, because nobody used it for a while or because of a fault.',
      silent: 'The pad does not answer. It may be busy: you can wait, or start it anew.',
      unreachable: 'The app does not answer. Perhaps it was stopped, or the network is down.',
      kept: 'Your drawing is kept.',
      reload: 'Load the page again',
    },
    ko: {
      ended: '한동안 쓰지 않았거나 오류가 생겨서 그림판이 끝났습니다.',
      silent: '그림판이 응답하지 않습니다. 바쁜 중일 수 있으니 기다리거나 새로 시작하세요.',
      unreachable: '앱이 응답하지 않습니다. 앱이 멈추었거나 네트워크가 끊겼을 수 있습니다.',
      kept: '그림은 보관됩니다.',
      reload: '페이지 다시 불러오기',
    },
  };
  const KEPT = 'mnistlab-drawing', EVERY = 10000, PATIENCE = 20000;
  const kernel = JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId;
  const lost = document.getElementById('lost');
  const drawing = () => document.querySelector('.mnistlab-drawing textarea');

  const language = () => {
    const pad = document.querySelector('.mnistlab-pad');
    const isKorean = pad ? pad.matches('.mnistlab-language-ko') : navigator.language.startsWith('ko');
    return isKorean ? 'ko' : 'en';
  };

  const ask = async () => {
    const options = {signal: AbortSignal.timeout(PATIENCE)};
    const answer = await fetch(`{{ resources.base_url }}voila/pad/${kernel}`, options).catch(() => null);
    return answer?.ok ? (await answer.json()).state : 'unreachable';
  };

  const show = state => {
    const texts = TEXTS[language()], isLost = state !== 'answers';
    if (isLost) {
      lost.lang = language();
      lost.querySelector('p').textContent = `${texts[state]} ${drawing() ? texts.kept : ''}`;
      lost.querySelector('button').textContent = texts.reload;
    }
    lost.hidden = !isLost;
  };

  let asking = false;
  const check = async () => {
    if (asking || document.hidden) return;
    asking = true;
    show(await ask());
    asking = false;
  };

  // The pad shows the drawing as text in an area that is not visible, and takes it from there too.
  const giveBack = () => {
    const kept = sessionStorage.getItem(KEPT), area = drawing();
    if (!kept || !area) return !kept;
    sessionStorage.removeItem(KEPT);
    area.value = kept;
    area.dispatchEvent(new Event('input', {bubbles: true}));
    return true;
  };
  const waiting = setInterval(() => giveBack() && clearInterval(waiting), 100);

  lost.querySelector('button').addEventListener('click', () => location.reload());
  addEventListener('pagehide', () => {
    if (!lost.hidden && drawing()?.value) sessionStorage.setItem(KEPT, drawing().value);
  });
  for (const sign of ['pointerdown', 'pageshow', 'visibilitychange']) addEventListener(sign, check);
  setInterval(check, EVERY);
})();
